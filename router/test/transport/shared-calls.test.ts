import { PublicError } from '@pessoa/domain/errors';
import { shareCalls } from '../../src/transport/shared-calls.ts';
import type { Transport, TransportRequest } from '../../src/transport/transport.ts';
import type { WireAnswer } from '../../src/transport/wire.ts';

const TIMEOUT_MILLIS = 1_000;

/** A transport whose calls the test answers. */
function answeredByHand() {
  const calls: { request: TransportRequest; resolve: (answer: WireAnswer) => void; reject: (error: Error) => void }[] =
    [];
  const transport = shareCalls(
    {
      fonte: 'score',
      send: (request: TransportRequest) =>
        new Promise((resolve, reject) => void calls.push({ request, resolve, reject })),
    } as unknown as Transport,
    TIMEOUT_MILLIS,
  );
  return { transport, calls };
}

const read = (changes: Partial<TransportRequest> = {}, headers: Record<string, string> = {}): TransportRequest => ({
  body: '{"query":"{ a }","variables":{}}',
  headers: {
    authorization: 'Bearer a',
    'x-finalidade': 'COBRANCA',
    'x-fapi-interaction-id': crypto.randomUUID(),
    ...headers,
  },
  isRepeatable: true,
  ...changes,
});
const answer: WireAnswer = { status: 200, text: '{}' };

describe('Equal reads', () => {
  it('share a call while it is under way, and not after it', async () => {
    const { transport, calls } = answeredByHand();
    const answers = [transport.send(read()), transport.send(read())];
    expect(calls).toHaveLength(1);
    calls[0]!.resolve(answer);
    expect(await Promise.all(answers)).toEqual([answer, answer]);
    void transport.send(read());
    expect(calls).toHaveLength(2);
  });

  it('share its failure, and the next one is tried', async () => {
    const { transport, calls } = answeredByHand();
    const failures = Promise.allSettled([transport.send(read()), transport.send(read())]);
    const error = new PublicError('FONTE_INDISPONIVEL', { fonte: 'score' });
    calls[0]!.reject(error);
    expect(await failures).toEqual(Array(2).fill({ status: 'rejected', reason: error }));
    void transport.send(read());
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['another token', read({}, { authorization: 'Bearer b' })],
    ['no token', { ...read(), headers: {} }],
    ['another purpose', read({}, { 'x-finalidade': 'PREVENCAO_FRAUDE' })],
    ['another body', read({ body: '{"query":"{ a }","variables":{"b":1}}' })],
    ['a mutation', read({ isRepeatable: false })],
    ['a token and purpose that look alike when they are joined', read({}, { authorization: 'Bearer a\nCOBRANCA', 'x-finalidade': '' })], // prettier-ignore
  ])('are equal in all that decides the answer: %s has a call of its own', (_title, other) => {
    const { transport, calls } = answeredByHand();
    void transport.send(read());
    void transport.send(other);
    expect(calls).toHaveLength(2);
  });

  it('do not share a call that has much less time than they have', () => {
    const { transport, calls } = answeredByHand();
    const now = performance.now();
    void transport.send(read({ endsAt: now + 300 }));
    void transport.send(read({ endsAt: now + 3_000 }));
    expect(calls).toHaveLength(2);
    void transport.send(read({ endsAt: now + 3_000 }));
    expect(calls).toHaveLength(2);
  });

  it('do not share a call that may end after their own end', () => {
    const { transport, calls } = answeredByHand();
    const now = performance.now();
    void transport.send(read({ endsAt: now + 3_000 }));
    void transport.send(read({ endsAt: now + 900 }));
    expect(calls).toHaveLength(2);
  });

  it('share the later call, also when an earlier one ends meanwhile', async () => {
    const { transport, calls } = answeredByHand();
    const first = transport.send(read({ endsAt: performance.now() + 100 }));
    void transport.send(read());
    calls[0]!.resolve(answer);
    await first;
    void transport.send(read());
    expect(calls).toHaveLength(2);
  });
});
