import { PublicError } from '@pessoa/domain/errors';
import { asCaller } from '@pessoa/testkit/as-caller';
import { createTransport, type Transport, type TransportRequest } from '../../src/transport/transport.ts';
import * as faults from '../graph/faulty-sources.ts';

const PROBE_AFTER_MILLIS = 60_000;
const request: TransportRequest = { body: '{}', headers: {} };

describe('One request opens nobody’s breaker: a subgraph', () => {
  let isWell: boolean;
  /** Calls that were made ready to be sent. */
  let signed: number;
  let source: faults.FaultySource;
  let transport: Transport;
  /** What the source does while it is not well. */
  const open = async (fail: Parameters<typeof faults.startFaultySource>[0], timeoutMillis = 2_000): Promise<void> => {
    isWell = false;
    signed = 0;
    source = await faults.startFaultySource((response, count) => (isWell ? response.end('{}') : fail(response, count)));
    transport = createTransport({
      url: source.url,
      fonte: 'score',
      timeoutMillis,
      connections: 64,
      maxResponseBytes: 100,
      probeAfterMillis: PROBE_AFTER_MILLIS,
      sign: () => {
        signed++;
        return {};
      },
    });
  };
  const { now } = Date;
  afterEach(async () => {
    Date.now = now;
    await transport.close();
    await source.close();
  });

  const codes = async (count: number, more: () => Partial<TransportRequest> = () => ({})): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        transport.send({ ...request, ...more() }).then(
          () => 'answered',
          (error: unknown) => (error instanceof PublicError ? error.code : String(error)),
        ),
      ),
    );
  /** What another client gets, now that the source is well. */
  const another = async (): Promise<string> => {
    isWell = true;
    return (await codes(1))[0]!;
  };

  it('a hundred calls of one request that all fail', async () => {
    await open((response) => response.writeHead(503).end());
    expect(new Set(await asCaller(() => codes(100)))).toEqual(new Set(['FONTE_INDISPONIVEL']));
    expect(await another()).toBe('answered');
  });

  it('but ten requests that fail do', async () => {
    await open((response) => response.writeHead(503).end());
    for (let round = 0; round < 10; round++) await asCaller(() => codes(3));
    expect(await another()).toBe('FONTE_INDISPONIVEL');
  });

  it.each<[string, string, () => Partial<TransportRequest>]>([
    ['that came with little time left', 'FONTE_LENTA', () => ({ endsAt: performance.now() + 20 })],
    ['that came with none', 'FONTE_LENTA', () => ({ endsAt: performance.now() - 1 })],
    ['with a header that HTTP does not allow', 'INTERNAL_SERVER_ERROR', () => ({ headers: { 'x-one': 'a\nb' } })],
  ])('fifty requests %s', async (_what, code, more) => {
    await open(() => {});
    expect(await codes(50, more)).toEqual(Array(50).fill(code));
    expect(transport.state()).toBe('ok');
    expect(await another()).toBe('answered');
  });

  it('nor is a source asked what came with no time left', async () => {
    await open((response) => response.writeHead(503).end());
    expect(await codes(50, () => ({ endsAt: performance.now() - 1 }))).toEqual(Array(50).fill('FONTE_LENTA'));
    expect(signed).toBe(0);
    await codes(1);
    expect(signed).toBe(1);
  });

  it('fifty requests whose answers are too large', async () => {
    await open((response) => response.end('x'.repeat(1_000)));
    expect(await codes(50)).toEqual(Array(50).fill('FONTE_INVALIDA'));
    expect(await another()).toBe('answered');
  });

  it('while a source that has all of its time and does not answer is asked no more', async () => {
    await open(() => {}, 100);
    await codes(10, () => ({ endsAt: performance.now() + 10_000 }));
    expect(await another()).toBe('FONTE_INDISPONIVEL');
  });

  it('and a probe that has no time left leaves it open', async () => {
    await open((response) => response.writeHead(503).end());
    let ahead = 0;
    Date.now = () => now() + ahead;
    await codes(10);
    ahead += PROBE_AFTER_MILLIS;
    expect(await codes(1, () => ({ endsAt: performance.now() - 1 }))).toEqual(['FONTE_LENTA']);
    expect(await another()).toBe('FONTE_INDISPONIVEL');
    ahead += PROBE_AFTER_MILLIS;
    expect(await another()).toBe('answered');
  });
});
