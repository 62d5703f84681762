import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { startDebt } from '@pessoa/debt/debt-subgraph';
import { readConfig as readRouterConfig } from '@pessoa/router/config';
import { startRouter } from '@pessoa/router/router';
import type { RunningService } from '@pessoa/service/processes/process';
import { asRouter } from '@pessoa/testkit/as-router';
import { inTime } from '@pessoa/testkit/in-time';
import { answersIn, codeOf } from '@pessoa/testkit/raw-http';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { getIntrospectionQuery } from 'graphql';

/** Short timeouts; the defaults are 10 s, 15 s and 2 s. */
const httpTimes = { headersMillis: 600, requestMillis: 1_000, checkEveryMillis: 50 };
/** Additional time on a busy machine. */
const LATE_MILLIS = 1_500;
const MAX_CONNECTIONS = 12;
const ORIGIN = 'https://app.example';

let bases: TestBases;
let environment: TestEnvironment;
let services: Readonly<Record<'router' | 'debt', RunningService>>;
let authorization: string;

beforeAll(async () => {
  bases = await openTestBases();
  environment = await createTestEnvironment(bases);
  const env = { ...environment.env, MAX_CONNECTIONS: String(MAX_CONNECTIONS), CORS_ORIGINS: ORIGIN };
  const debt = await startDebt({ ...readDebtConfig(env), httpTimes }, environment.logger);
  const urls = { DEBT_URL: `${debt.url}/graphql`, SCORE_URL: `${debt.url}/graphql`, EVENT_URL: `${debt.url}/graphql` };
  const router = await startRouter({ ...readRouterConfig({ ...env, ...urls }), httpTimes }, environment.logger);
  services = { debt, router };
  authorization = `Bearer ${await environment.token()}`;
});
afterAll(async () => {
  await services.router.close();
  await services.debt.close();
  await environment.close();
  await bases.drop();
});

interface Talk {
  readonly received: string;
  readonly millis: number;
}

/** Sends some bytes, then others one by one. Resolves when the other side closes the connection. */
async function talk(url: string, first: string, drop = ''): Promise<Talk> {
  const begin = performance.now();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(first);
  const dripping = drop && setInterval(() => socket.writable && socket.write(drop), 40);
  await closed;
  clearInterval(dripping || undefined);
  return { received: received, millis: performance.now() - begin };
}

describe.each(['router', 'debt'] as const)('Slow connections to the %s', (name) => {
  /** The head of a GraphQL request with a valid token. */
  function goodHead(length: number): string {
    const sign = name === 'debt' ? asRouter(environment.env, 'debt')({ authorization }, ' '.repeat(length)) : {};
    const headers = { host: 'a', authorization, 'content-type': 'application/json', 'content-length': length, ...sign };
    const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
    return `POST /graphql HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  it.concurrent.each([
    ['headers that stop', () => 'GET /health/live HTTP/1.1\r\nhost: a\r\n', '', httpTimes.headersMillis],
    ['a request line that stops', () => 'GET /hea', '', httpTimes.headersMillis],
    [
      'headers that come byte by byte',
      () => 'GET /health/live HTTP/1.1\r\nhost: a\r\nx: ',
      'a',
      httpTimes.headersMillis,
    ],
    [
      'headers that come one by one',
      () => 'GET /health/live HTTP/1.1\r\nhost: a\r\n',
      'x: a\r\n',
      httpTimes.headersMillis,
    ],
    ['a body that stops', () => `${goodHead(1_000)}{`, '', httpTimes.requestMillis],
    ['a body that comes byte by byte', () => `${goodHead(1_000)}{`, ' ', httpTimes.requestMillis],
  ])('%s are refused and closed in time', async (_what, first, drop, most) => {
    const { received, millis } = await inTime(most + LATE_MILLIS, () => talk(services[name].url, first(), drop));
    expect(answersIn(received).map(codeOf)).toEqual(['LIMITE_EXCEDIDO']);
    expect(millis).toBeGreaterThan(most * 0.9);
  });

  it('without any byte are closed without an answer', async () => {
    const most = httpTimes.requestMillis + LATE_MILLIS;
    expect((await inTime(most, () => talk(services[name].url, ''))).received).toBe('');
  });

  it.each([
    ['no token', ''],
    ['a token of nobody', 'authorization: Bearer e30.e30.e30\r\n'],
    ['another scheme', 'authorization: Basic YTpi\r\n'],
    ['two tokens', 'authorization: Bearer a.a.a\r\nauthorization: Bearer a.a.a\r\n'],
  ])('with %s are refused before their body arrives', async (_what, header) => {
    const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50000\r\n`;
    const refused = await inTime(httpTimes.headersMillis, async () => {
      const socket = connect(Number(new URL(services[name].url).port), '127.0.0.1');
      socket.write(`${head}${header}\r\n`);
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return chunk.toString('latin1');
    });
    expect(codeOf(answersIn(refused)[0]!)).toBe('UNAUTHENTICATED');
  });

  it('above MAX_CONNECTIONS are closed at once, until another one ends', async () => {
    const port = Number(new URL(services[name].url).port);
    const open: Socket[] = [];
    const live = 'GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n';
    /** The answer; '' when the connection was closed. */
    async function ask(): Promise<string> {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      open.push(socket);
      socket.write(live);
      return Promise.race([
        once(socket, 'data').then(([chunk]) => String(chunk).slice(0, 12)),
        once(socket, 'close').then(() => ''),
      ]);
    }
    let answerCount = 0;
    while (answerCount < 2 * MAX_CONNECTIONS && (await ask()) !== '') answerCount++;
    expect(answerCount).toBeGreaterThan(0);
    expect(answerCount).toBeLessThanOrEqual(MAX_CONNECTIONS);
    open[0]!.destroy();
    let again = '';
    for (let turn = 0; turn < 50 && again === ''; turn++) {
      again = await ask();
      if (again === '') await sleep(20);
    }
    expect(again).toBe('HTTP/1.1 200');
    for (const socket of open) socket.destroy();
    expect(environment.logLines().join('')).toContain('"connections refused: MAX_CONNECTIONS are open"');
  });
});

describe('Clients of other origin', () => {
  const post = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${services.router.url}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', connection: 'close', ...headers },
      body: JSON.stringify(body),
    });

  it('scripts from an origin in CORS_ORIGINS can read answers and refusals, others cannot', async () => {
    const allowed = async (origin: string, otherHeaders: Record<string, string> = {}): Promise<string | null> =>
      (await post({ query: '{ __typename }' }, { origin, ...otherHeaders })).headers.get('access-control-allow-origin');
    expect(await allowed(ORIGIN)).toBe(ORIGIN);
    expect(await allowed(ORIGIN, { authorization: 'Bearer a.a.a' })).toBe(ORIGIN);
    for (const other of [`${ORIGIN}.evil.example`, 'http://app.example', 'https://APP.example', 'null', '*']) {
      expect(await allowed(other)).toBeNull();
    }
    const preflight = await fetch(`${services.router.url}/graphql`, { method: 'OPTIONS', headers: { origin: ORIGIN } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'br', brotliDecompressSync],
    ['gzip, br;q=0', 'gzip', gunzipSync],
    ['identity', null, (bytes: Buffer) => bytes],
    ['gzip;q=0', null, (bytes: Buffer) => bytes],
    ['zstd', null, (bytes: Buffer) => bytes],
  ])('a large answer is compressed for accept-encoding %s', async (accepted, encoding, unpack) => {
    const query = encodeURIComponent(getIntrospectionQuery());
    const { port } = new URL(services.router.url);
    const socket = connect(Number(port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    const head = `host: a\r\nconnection: close\r\nauthorization: ${authorization}\r\napollo-require-preflight: 1\r\n`;
    socket.write(`GET /graphql?query=${query} HTTP/1.1\r\n${head}accept-encoding: ${accepted}\r\n\r\n`);
    await once(socket, 'close');
    const bytes = Buffer.concat(chunks);
    const end = bytes.indexOf('\r\n\r\n');
    const headers = bytes.toString('latin1', 0, end).toLowerCase();
    expect(/\r\ncontent-encoding: (\w+)/.exec(headers)?.[1] ?? null).toBe(encoding);
    expect(/\r\nvary: (.*)/.exec(headers)?.[1]).toContain('accept-encoding');
    const length = Number(/\r\ncontent-length: (\d+)/.exec(headers)![1]);
    const body = unpack(bytes.subarray(end + 4, end + 4 + length)).toString();
    expect(JSON.parse(body)).toHaveProperty('data.__schema.queryType.name', 'Query');
  });

  it('urql’s GET is answered; without its token, which makes browsers send a preflight, it is refused', async () => {
    const url = `${services.router.url}/graphql?query=%7B__typename%7D&variables=%7B%7D`;
    const response = await fetch(url, { headers: { authorization, accept: 'application/graphql-response+json, application/json' } }); // prettier-ignore
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    expect((await fetch(url)).status).toBe(401);
    const mutation = await fetch(url.replace('%7B__typename%7D', 'mutation%7Bx%7D'), { headers: { authorization } });
    expect([400, 405]).toContain(mutation.status);
  });

  it('Apollo’s link for persisted queries learns that they are not supported, and sends the document', async () => {
    const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) };
    const first = await post({ extensions: { persistedQuery } });
    // With this code or message the link stops sending hashes.
    expect(await first.json()).toMatchObject({
      errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
    });
    const second = await post({ query: '{ __typename }' });
    expect(await second.json()).toEqual({ data: { __typename: 'Query' } });
  });
});
