import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { closeServer } from '../graph/subgraphs.ts';

const request: TransportRequest = { body: '{}', headers: {} };
const repeatable: TransportRequest = { ...request, isRepeatable: true };

const opened: { close(): Promise<void> }[] = [];

async function open(source: Promise<faults.FaultySource>, options: Partial<TransportOptions> = {}) {
  const faulty = await source;
  const transport = createTransport({
    url: faulty.url,
    fonte: 'score',
    timeoutMillis: 300,
    connections: 4,
    ...options,
  });
  opened.push(transport, faulty);
  return { transport, faulty };
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function failureOf(work: Promise<unknown>): Promise<PublicError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PublicError)) throw new Error(`not refused as it should be: ${String(error)}`);
  return error;
}

const times = (count: number, work: () => Promise<unknown>) => Promise.allSettled(Array.from({ length: count }, work));

describe('A call', () => {
  it('carries body and headers by POST and brings status and text back', async () => {
    const seen: unknown[] = [];
    const server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk) => (body += chunk));
      incoming.on('end', () => {
        seen.push([incoming.method, incoming.url, body, incoming.headers['x-one'], incoming.headers['x-sign']]);
        response.writeHead(400).write('ação ');
        setTimeout(() => response.end('🙂'), 10);
      });
    });
    const folder = await mkdtemp(join(tmpdir(), 'transport-'));
    const socketPath = join(folder, 'source.sock');
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const transport = createTransport({
      url: 'http://source/graphql?a=b',
      fonte: 'score',
      timeoutMillis: 300,
      connections: 1,
      socketPath,
      sign: ({ body }) => ({ 'x-sign': `signed ${body}` }),
    });
    expect(await transport.send({ body: '{"q":1}', headers: { 'x-one': '1' } })).toEqual({
      status: 400,
      text: 'ação 🙂',
    });
    expect(seen).toEqual([['POST', '/graphql?a=b', '{"q":1}', '1', 'signed {"q":1}']]);
    await transport.close();
    await closeServer(server);
    await rm(folder, { recursive: true });
  });

  it('reuses its connections', async () => {
    const sockets = new Set<unknown>();
    const { transport } = await open(
      faults.startFaultySource((response) => {
        sockets.add(response.socket);
        response.end('{}');
      }),
      { connections: 1 },
    );
    for (let n = 0; n < 5; n++) await transport.send(request);
    expect(sockets.size).toBe(1);
  });

  it('waits for a free connection no longer than its time (G5)', async () => {
    const { transport, faulty } = await open(faults.startHangingSource(), { connections: 1, timeoutMillis: 1_000 });
    const start = performance.now();
    const failures = await Promise.all([1, 2, 3].map(() => failureOf(transport.send(request))));
    expect(failures.map(({ code }) => code)).toEqual(['FONTE_LENTA', 'FONTE_LENTA', 'FONTE_LENTA']);
    expect(performance.now() - start).toBeLessThan(2_500); // one after the other they would take 3,000
    expect(faulty.count()).toBe(1);
  });

  it('ends when the request that needs it is over its time', async () => {
    const { transport } = await open(faults.startHangingSource(), { timeoutMillis: 2_000 });
    const start = performance.now();
    const failure = await failureOf(transport.send({ ...request, endsAt: performance.now() + 100 }));
    expect(failure.code).toBe('FONTE_LENTA');
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('frees its connection when its time is over', async () => {
    let isHung = true;
    const { transport } = await open(
      faults.startFaultySource((response) => void (isHung || response.end('{}'))),
      { connections: 1, timeoutMillis: 100 },
    );
    await failureOf(transport.send(request));
    isHung = false;
    expect(await transport.send(request)).toEqual({ status: 200, text: '{}' });
  });

  it('lasts no longer than the request that needs it', async () => {
    const { transport } = await open(faults.startHangingSource(), { timeoutMillis: 5_000 });
    const start = performance.now();
    expect((await failureOf(transport.send({ ...request, endsAt: start + 50 }))).code).toBe('FONTE_LENTA');
    expect(performance.now() - start).toBeLessThan(2_500);
  });

  it('counts against the source when the whole request is over its time, and the source had most of its own', async () => {
    const { transport } = await open(faults.startHangingSource(), { timeoutMillis: 200 });
    const late = await failureOf(transport.send({ ...request, endsAt: performance.now() + 150 }));
    expect(late.code).toBe('FONTE_LENTA');
    expect(transport.state()).toBe('fora');
  });

  it('that HTTP does not allow is our own bug', async () => {
    const { transport } = await open(faults.startAnsweringSource('{}'));
    expect((await failureOf(transport.send({ ...request, headers: { 'x-one': 'a\nb' } }))).code).toBe(
      'INTERNAL_SERVER_ERROR',
    );
  });

  it('keeps what undici said for the log and nothing of the answer', async () => {
    const { transport } = await open(faults.startNonHttpSource());
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

  it('follows a 503 of a query', async () => {
    const { transport, faulty } = await open(failingOnce(503));
    expect(await transport.send(repeatable)).toEqual({ status: 200, text: '{}' });
    expect(faulty.count()).toBe(2);
  });

  it('follows a connection that could not be made, of a query', async () => {
    let attempts = 0;
    const sign = () => ({ 'x-attempt': String(++attempts) });
    const { transport } = await open(faults.startDeadSource(), { sign });
    await failureOf(transport.send(request));
    expect(attempts).toBe(1);
    await failureOf(transport.send(repeatable));
    expect(attempts).toBe(3);
  });

  it.each([
    ['of anything but a query', failingOnce(503), request],
    ['after a 502', failingOnce(502), repeatable],
    ['after a connection that broke under the answer', faults.startTruncatingSource(), repeatable],
    ['after a connection that broke before the answer', faults.startDisconnectingSource(), repeatable],
    ['after a time-out', faults.startHangingSource(), repeatable],
  ])('is not made %s', async (_when, source, sent) => {
    const { transport, faulty } = await open(source);
    await failureOf(transport.send(sent));
    expect(faulty.count()).toBe(1);
  });

  it('is made once at most, and for a tenth of the calls at most', async () => {
    const { transport, faulty } = await open(faults.startAnsweringSource('', 503), { probeAfterMillis: 0 });
    for (let n = 0; n < 40; n++) await failureOf(transport.send(repeatable));
    expect(faulty.count()).toBeLessThanOrEqual(40 + 1 + 4);
    expect(faulty.count()).toBeGreaterThan(0);
  });

  it('has what is left of the time, not the whole of it again', async () => {
    const { transport, faulty } = await open(
      faults.startFaultySource((response, count) => {
        if (count === 1) setTimeout(() => response.writeHead(503).end(), 500);
      }),
      { timeoutMillis: 800 },
    );
    const start = performance.now();
    expect((await failureOf(transport.send(repeatable))).code).toBe('FONTE_LENTA');
    expect(performance.now() - start).toBeLessThan(1_150); // the whole time again would end at 1,300
    expect(faulty.count()).toBe(2);
  });

  it('is paid for by the calls before it', async () => {
    const { transport, faulty } = await open(
      faults.startFaultySource((response, count) => void response.writeHead(count <= 40 ? 200 : 503).end('{}')),
    );
    for (let n = 0; n < 40; n++) await transport.send(repeatable);
    for (let n = 0; n < 6; n++) await failureOf(transport.send(repeatable));
    expect(faulty.count()).toBe(40 + 6 + 5); // one to begin with, and one for each ten calls
  });

  it('is paid from a budget that calls fill, up to ten', () => {
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

  const failTenTimes = (transport: Transport) => times(12, () => transport.send(request));

  it('opens when at least ten calls of ten seconds fail: the source is not asked', async () => {
    const { transport, faulty } = await open(faults.startAnsweringSource('', 503));
    await failTenTimes(transport);
    const asked = faulty.count();
    expect((await failureOf(transport.send(request))).code).toBe('FONTE_INDISPONIVEL');
    expect({ asked: faulty.count(), state: transport.state() }).toEqual({ asked, state: 'fora' });
  });

  it('probes with one call and lets the others go at once, though the probe hangs', async () => {
    const { transport, faulty } = await open(faults.startHangingSource(), {
      timeoutMillis: 300,
      probeAfterMillis: 150,
      connections: 16,
    });
    await failTenTimes(transport);
    time.pass(160);
    const asked = faulty.count();
    const probe = failureOf(transport.send(request));
    const others = Promise.all([1, 2, 3].map(() => failureOf(transport.send(request))));
    expect(await Promise.race([others.then(() => 'the others'), probe.then(() => 'the probe')])).toBe('the others');
    expect((await others).map(({ code }) => code)).toEqual(Array(3).fill('FONTE_INDISPONIVEL'));
    expect((await probe).code).toBe('FONTE_LENTA');
    expect(faulty.count()).toBe(asked + 1);
  });

  it('closes after a probe that was answered', async () => {
    let isDown = true;
    const { transport } = await open(
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
  it('is that of its breaker while it is open, also just after an answer', async () => {
    let isDown = false;
    const { transport } = await open(
      faults.startFaultySource((response) => {
        response.writeHead(isDown ? 503 : 200);
        response.end('{}');
      }),
    );
    await transport.send(request);
    isDown = true;
    await times(12, () => transport.send(request));
    expect(transport.state()).toBe('fora');
  });

  it('is told by the calls of the last ten seconds', () => {
    let now = 0;
    const health = createSourceHealth(() => now);
    const after = (millis: number, happens: () => void) => {
      now += millis;
      happens();
      return health.state();
    };
    expect(health.state()).toBe('ok');
    expect(after(1, health.recordAnswer)).toBe('ok');
    expect(after(1, health.recordFailure)).toBe('degradada');
    expect(after(1, health.recordAnswer)).toBe('degradada');
    expect(after(10_001, health.recordAnswer)).toBe('ok');
    expect(after(10_001, health.recordFailure)).toBe('fora');
    expect(after(9_000, () => {})).toBe('fora');
    expect(after(1_001, () => {})).toBe('ok');
  });

  it('is `fora` while the breaker is open, though it answered a moment ago', async () => {
    const { transport } = await open(
      faults.startFaultySource((response, count) => void response.writeHead(count === 1 ? 200 : 503).end('{}')),
    );
    await transport.send(request);
    await times(12, () => transport.send(request));
    expect(transport.state()).toBe('fora');
  });

  it('is not `ok` while its answers cannot be used', async () => {
    const { transport } = await open(faults.startAnsweringSource('garbage'));
    await transport.send(request);
    transport.reportInvalidAnswer();
    expect(transport.state()).toBe('degradada');
  });
});
