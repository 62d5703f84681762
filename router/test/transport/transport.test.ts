import { createServer } from 'node:http';
import { PublicError } from '@pessoa/domain/errors';
import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { createRetryBudget } from '../../src/transport/retry-budget.ts';
import { createSourceHealth } from '../../src/transport/source-health.ts';
import {
  createTransport,
  type Transport,
  type TransportOptions,
  type TransportRequest,
} from '../../src/transport/transport.ts';
import * as faults from '../graph/faulty-sources.ts';
import { closeServer, listen } from '../graph/subgraphs.ts';

const request: TransportRequest = { body: '{}', headers: {} };
const repeatable: TransportRequest = { ...request, isRepeatable: true };

const resources: { close(): Promise<void> }[] = [];

async function openTransport(source: Promise<faults.FaultySource>, options: Partial<TransportOptions> = {}) {
  const faulty = await source;
  const transport = createTransport({
    url: faulty.url,
    fonte: 'score',
    timeoutMillis: 10_000,
    connections: 4,
    ...options,
  });
  resources.push(transport, faulty);
  return { transport, faulty };
}

afterEach(async () => {
  for (const resource of resources.splice(0)) await resource.close();
});

/** Gives the error of a call. Rejects if the call succeeds. */
async function failureOf(work: Promise<unknown>): Promise<PublicError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PublicError)) throw new Error(`the call did not fail with a PublicError: ${String(error)}`);
  return error;
}

const runInParallel = (count: number, work: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: count }, work));

describe('A call', () => {
  it('sends body and headers by POST, and gives status and text of the answer', async () => {
    const requests: unknown[] = [];
    const server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk) => (body += chunk));
      incoming.on('end', () => {
        const { method, url, headers } = incoming;
        requests.push({ method, url, body, 'x-one': headers['x-one'], 'x-sign': headers['x-sign'] });
        response.writeHead(400).write('ação ');
        setTimeout(() => response.end('🙂'), 10);
      });
    });
    const transport = createTransport({
      url: `${await listen(server)}?a=b`,
      fonte: 'score',
      timeoutMillis: 10_000,
      connections: 1,
      sign: ({ body }) => ({ 'x-sign': `signed ${body}` }),
    });
    expect(await transport.send({ body: '{"q":1}', headers: { 'x-one': '1' } })).toEqual({
      status: 400,
      text: 'ação 🙂',
    });
    expect(requests).toEqual([
      { method: 'POST', url: '/graphql?a=b', body: '{"q":1}', 'x-one': '1', 'x-sign': 'signed {"q":1}' },
    ]);
    await transport.close();
    await closeServer(server);
  });

  it('reuses its connections', async () => {
    const sockets = new Set<unknown>();
    const { transport } = await openTransport(
      faults.startFaultySource((response) => {
        sockets.add(response.socket);
        response.end('{}');
      }),
      { connections: 1 },
    );
    for (let n = 0; n < 5; n++) await transport.send(request);
    expect(sockets.size).toBe(1);
  });

  it('waits for a free connection until its timeout', async () => {
    const { transport, faulty } = await openTransport(faults.startHangingSource(), {
      connections: 1,
      timeoutMillis: 1_000,
    });
    const start = performance.now();
    const failures = await Promise.all(Array.from({ length: 5 }, () => failureOf(transport.send(request))));
    expect(failures.map(({ code }) => code)).toEqual(Array(5).fill('FONTE_LENTA'));
    expect(performance.now() - start).toBeLessThan(4_500); // in sequence they would take 5,000
    expect(faulty.count()).toBe(1);
  });

  it('ends at the deadline of the request that needs it', async () => {
    const { transport } = await openTransport(faults.startHangingSource(), { timeoutMillis: 2_000 });
    const start = performance.now();
    const failure = await failureOf(transport.send({ ...request, endsAt: performance.now() + 100 }));
    expect(failure.code).toBe('FONTE_LENTA');
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('frees its connection at its deadline', async () => {
    let isHung = true;
    const { transport } = await openTransport(
      faults.startFaultySource((response) => void (isHung || response.end('{}'))),
      { connections: 1 },
    );
    await failureOf(transport.send({ ...request, endsAt: performance.now() + 100 }));
    isHung = false;
    expect(await transport.send(request)).toEqual({ status: 200, text: '{}' });
  });

  it('ends at the deadline of its request, even with a long timeout', async () => {
    const { transport } = await openTransport(faults.startHangingSource(), { timeoutMillis: 5_000 });
    const start = performance.now();
    expect((await failureOf(transport.send({ ...request, endsAt: start + 50 }))).code).toBe('FONTE_LENTA');
    expect(performance.now() - start).toBeLessThan(2_500);
  });

  it('counts against the source if the deadline of the request left most of its timeout', async () => {
    const { transport } = await openTransport(faults.startHangingSource(), { timeoutMillis: 200 });
    const late = await failureOf(transport.send({ ...request, endsAt: performance.now() + 150 }));
    expect(late.code).toBe('FONTE_LENTA');
    expect(transport.state()).toBe('fora');
  });

  it('that HTTP does not allow is an INTERNAL_SERVER_ERROR', async () => {
    const { transport } = await openTransport(faults.startAnsweringSource('{}'));
    expect((await failureOf(transport.send({ ...request, headers: { 'x-one': 'a\nb' } }))).code).toBe(
      'INTERNAL_SERVER_ERROR',
    );
  });

  it('has the message of undici as its cause, and nothing of the answer', async () => {
    const { transport } = await openTransport(faults.startNonHttpSource());
    const { message, cause } = await failureOf(transport.send(request));
    expect(message).toBe('A data source gave an answer that cannot be used.');
    expect(String(cause)).toContain('HTTPParserError');
    expect(JSON.stringify([cause, { ...(cause as object) }])).not.toContain('SSH');
  });
});

describe('A retry', () => {
  const failingOnce = (status: number) =>
    faults.startFaultySource((response, count) => {
      response.writeHead(count === 1 ? status : 200);
      response.end('{}');
    });

  it('follows a 503 if the call is a query', async () => {
    const { transport, faulty } = await openTransport(failingOnce(503));
    expect(await transport.send(repeatable)).toEqual({ status: 200, text: '{}' });
    expect(faulty.count()).toBe(2);
  });

  it('follows a failed connection if the call is a query', async () => {
    let attempts = 0;
    const sign = () => ({ 'x-attempt': String(++attempts) });
    const { transport } = await openTransport(faults.startDeadSource(), { sign });
    await failureOf(transport.send(request));
    expect(attempts).toBe(1);
    await failureOf(transport.send(repeatable));
    expect(attempts).toBe(3);
  });

  it.each([
    ['of a call that is not a query', failingOnce(503), request],
    ['after a 502', failingOnce(502), repeatable],
    ['after a connection that broke during the answer', faults.startTruncatingSource(), repeatable],
    ['after a connection that broke before the answer', faults.startDisconnectingSource(), repeatable],
    ['after a timeout', faults.startHangingSource(), repeatable],
  ])('is not made %s', async (_when, source, call) => {
    const { transport, faulty } = await openTransport(source, { timeoutMillis: 2_000 });
    await failureOf(transport.send(call));
    expect(faulty.count()).toBe(1);
  });

  it('is made at most once for a call, and for at most a tenth of the calls', async () => {
    const { transport, faulty } = await openTransport(faults.startAnsweringSource('', 503), { probeAfterMillis: 0 });
    for (let n = 0; n < 40; n++) await failureOf(transport.send(repeatable));
    expect(faulty.count()).toBeLessThanOrEqual(40 + 1 + 4);
    expect(faulty.count()).toBeGreaterThan(0);
  });

  it('has the rest of the timeout, not a new one', async () => {
    const { transport, faulty } = await openTransport(
      faults.startFaultySource((response, count) => {
        if (count === 1) setTimeout(() => response.writeHead(503).end(), 2_000);
      }),
      { timeoutMillis: 3_000 },
    );
    const start = performance.now();
    expect((await failureOf(transport.send(repeatable))).code).toBe('FONTE_LENTA');
    expect(performance.now() - start).toBeLessThan(4_700); // a new timeout would end at 5,000
    expect(faulty.count()).toBe(2);
  });

  it('uses the budget that earlier calls filled', async () => {
    const { transport, faulty } = await openTransport(
      faults.startFaultySource((response, count) => void response.writeHead(count <= 40 ? 200 : 503).end('{}')),
    );
    for (let n = 0; n < 40; n++) await transport.send(repeatable);
    for (let n = 0; n < 6; n++) await failureOf(transport.send(repeatable));
    expect(faulty.count()).toBe(40 + 6 + 5); // one at the start, and one for each ten calls
  });

  it('uses a budget of at most ten', () => {
    const budget = createRetryBudget();
    for (let n = 0; n < 1_000; n++) budget.countCall();
    expect(Array.from({ length: 12 }, () => budget.takeRetry()).filter(Boolean)).toHaveLength(10);
  });
});

describe('The breaker', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  const failTenTimes = (transport: Transport) => runInParallel(12, () => transport.send(request));

  it('opens if at least ten calls fail within ten seconds: then the source gets no calls', async () => {
    const { transport, faulty } = await openTransport(faults.startAnsweringSource('', 503));
    await failTenTimes(transport);
    const calls = faulty.count();
    expect((await failureOf(transport.send(request))).code).toBe('FONTE_INDISPONIVEL');
    expect({ calls: faulty.count(), state: transport.state() }).toEqual({ calls, state: 'fora' });
  });

  it('probes with one call, and refuses the others at once while the probe hangs', async () => {
    const { transport, faulty } = await openTransport(faults.startHangingSource(), {
      timeoutMillis: 300,
      probeAfterMillis: 150,
      connections: 16,
    });
    await failTenTimes(transport);
    time.pass(160);
    const calls = faulty.count();
    const probe = failureOf(transport.send(request));
    const refusals = Promise.all([1, 2, 3].map(() => failureOf(transport.send(request))));
    expect(await Promise.race([refusals.then(() => 'the refusals'), probe.then(() => 'the probe')])).toBe(
      'the refusals',
    );
    expect((await refusals).map(({ code }) => code)).toEqual(Array(3).fill('FONTE_INDISPONIVEL'));
    expect((await probe).code).toBe('FONTE_LENTA');
    expect(faulty.count()).toBe(calls + 1);
  });

  it('closes after an answered probe', async () => {
    let isDown = true;
    const { transport } = await openTransport(
      faults.startFaultySource((response) => {
        response.writeHead(isDown ? 503 : 200);
        response.end('{}');
      }),
      { probeAfterMillis: 50 },
    );
    await failTenTimes(transport);
    isDown = false;
    time.pass(60);
    expect(await transport.send(request)).toEqual({ status: 200, text: '{}' });
    expect(await transport.send(request)).toEqual({ status: 200, text: '{}' });
    expect(transport.state()).toBe('degradada');
  });
});

describe('The state of a source', () => {
  it('is `fora` while the breaker is open, even just after an answer', async () => {
    let isDown = false;
    const { transport } = await openTransport(
      faults.startFaultySource((response) => {
        response.writeHead(isDown ? 503 : 200);
        response.end('{}');
      }),
    );
    await transport.send(request);
    isDown = true;
    await runInParallel(12, () => transport.send(request));
    expect(transport.state()).toBe('fora');
  });

  it('depends on the calls of the last ten seconds', () => {
    let now = 0;
    const health = createSourceHealth(() => now);
    const stateAfter = (millis: number, record: () => void) => {
      now += millis;
      record();
      return health.state();
    };
    expect(health.state()).toBe('ok');
    expect(stateAfter(1, health.recordAnswer)).toBe('ok');
    expect(stateAfter(1, health.recordFailure)).toBe('degradada');
    expect(stateAfter(1, health.recordAnswer)).toBe('degradada');
    expect(stateAfter(10_001, health.recordAnswer)).toBe('ok');
    expect(stateAfter(10_001, health.recordFailure)).toBe('fora');
    expect(stateAfter(9_000, () => {})).toBe('fora');
    expect(stateAfter(1_001, () => {})).toBe('ok');
  });

  it('is `degradada` while its answers are useless', async () => {
    const { transport } = await openTransport(faults.startAnsweringSource('garbage'));
    await transport.send(request);
    transport.reportInvalidAnswer();
    expect(transport.state()).toBe('degradada');
  });
});
