import { PublicError } from '@pessoa/domain/errors';
import { asServedRequest } from '@pessoa/service/resilience/served-request';
import { createTransport, type Transport, type TransportRequest } from '../../src/transport/transport.ts';
import * as faults from '../graph/faulty-sources.ts';

const PROBE_AFTER_MILLIS = 60_000;
const request: TransportRequest = { body: '{}', headers: {} };

describe('One request does not open the breaker for others', () => {
  let isHealthy: boolean;
  /** The number of calls that the transport signed. It signs a call just before it sends it. */
  let signedCalls: number;
  let source: faults.FaultySource;
  let transport: Transport;
  /** @param fail what the source does while it is not healthy */
  const openTransport = async (
    fail: Parameters<typeof faults.startFaultySource>[0],
    timeoutMillis = 2_000,
  ): Promise<void> => {
    isHealthy = false;
    signedCalls = 0;
    source = await faults.startFaultySource((response, count) =>
      isHealthy ? response.end('{}') : fail(response, count),
    );
    transport = createTransport({
      url: source.url,
      fonte: 'score',
      timeoutMillis,
      connections: 64,
      maxResponseBytes: 100,
      probeAfterMillis: PROBE_AFTER_MILLIS,
      sign: () => {
        signedCalls++;
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

  /** Sends calls in parallel and gives their codes. */
  const sendAll = async (count: number, membersOf: () => Partial<TransportRequest> = () => ({})): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        transport.send({ ...request, ...membersOf() }).then(
          () => 'answered',
          (error: unknown) => (error instanceof PublicError ? error.code : String(error)),
        ),
      ),
    );
  /** Makes the source healthy. Gives the code of another client's call. */
  const sendAsOtherClient = async (): Promise<string> => {
    isHealthy = true;
    return (await sendAll(1))[0]!;
  };

  it('by a hundred calls that all fail', async () => {
    await openTransport((response) => response.writeHead(503).end());
    expect(new Set(await asServedRequest(() => sendAll(100)))).toEqual(new Set(['FONTE_INDISPONIVEL']));
    expect(await sendAsOtherClient()).toBe('answered');
  });

  it('but ten failing requests do', async () => {
    await openTransport((response) => response.writeHead(503).end());
    for (let round = 0; round < 10; round++) await asServedRequest(() => sendAll(3));
    expect(await sendAsOtherClient()).toBe('FONTE_INDISPONIVEL');
  });

  it.each<[string, string, () => Partial<TransportRequest>]>([
    ['that came with little time left', 'FONTE_LENTA', () => ({ endsAt: performance.now() + 20 })],
    ['that came with none', 'FONTE_LENTA', () => ({ endsAt: performance.now() - 1 })],
    ['with a header that HTTP does not allow', 'INTERNAL_SERVER_ERROR', () => ({ headers: { 'x-one': 'a\nb' } })],
  ])('and fifty requests %s do not either', async (_what, code, membersOf) => {
    await openTransport(() => {});
    expect(await sendAll(50, membersOf)).toEqual(Array(50).fill(code));
    expect(transport.state()).toBe('ok');
    expect(await sendAsOtherClient()).toBe('answered');
  });

  it('and a call without time left is not sent', async () => {
    await openTransport((response) => response.writeHead(503).end());
    expect(await sendAll(50, () => ({ endsAt: performance.now() - 1 }))).toEqual(Array(50).fill('FONTE_LENTA'));
    expect(signedCalls).toBe(0);
    await sendAll(1);
    expect(signedCalls).toBe(1);
  });

  it('and fifty requests with too large answers do not either', async () => {
    await openTransport((response) => response.end('x'.repeat(1_000)));
    expect(await sendAll(50)).toEqual(Array(50).fill('FONTE_INVALIDA'));
    expect(transport.state()).toBe('ok');
    expect(await sendAsOtherClient()).toBe('answered');
  });

  it('but requests that the source does not answer within its timeout do', async () => {
    await openTransport(() => {}, 100);
    await sendAll(10, () => ({ endsAt: performance.now() + 10_000 }));
    expect(await sendAsOtherClient()).toBe('FONTE_INDISPONIVEL');
  });

  it('and a probe without time left leaves it open', async () => {
    await openTransport((response) => response.writeHead(503).end());
    let ahead = 0;
    Date.now = () => now() + ahead;
    await sendAll(10);
    ahead += PROBE_AFTER_MILLIS;
    expect(await sendAll(1, () => ({ endsAt: performance.now() - 1 }))).toEqual(['FONTE_LENTA']);
    expect(await sendAsOtherClient()).toBe('FONTE_INDISPONIVEL');
    ahead += PROBE_AFTER_MILLIS;
    expect(await sendAsOtherClient()).toBe('answered');
  });
});
