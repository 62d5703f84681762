import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { cpfFromBase } from '@pessoa/domain/cpf';
import {
  developmentAudience,
  developmentIssuer,
  ensureDevelopmentKeys,
} from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { createHttpService } from '@pessoa/service/http/http-service';
import { identityReader, standardClaimNames } from '@pessoa/service/identity/claims';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { createTokenVerifier } from 'graphql-jwt-guard/token';
import { SANDBOX_EMBED_ORIGIN, sandboxOrigins } from '../../src/explorer/sandbox-page.ts';
import { mountPages } from '../../src/pages/pages.ts';

const CPF = cpfFromBase('300000001');
const PAGES = ['/', '/sandbox', '/explorador'];
const STUDIO = 'https://studio.apollographql.com';

let home: string;
let logged: () => string[] = () => [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pessoa-explorer-'));
});
afterAll(() => rm(home, { recursive: true }));

/** Creates the router's HTTP server with the explorer. `/graphql` always gives the same answer. */
async function serve(options: { home?: string; exampleCpf?: string } = { home, exampleCpf: CPF }) {
  const { logger, lines } = testLog({ level: 'debug' });
  logged = lines;
  const explorer = { home: options.home, exampleCpf: options.exampleCpf };
  const { app } = createHttpService({
    logger,
    corsOrigins: new Set(sandboxOrigins(explorer)),
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    config: { door: 'graphql' },
    handler: async () => ({ data: null }),
  });
  await mountPages(app, explorer);
  return app;
}

interface PageData {
  readonly query: string;
  readonly variables: unknown;
  readonly authorization: string;
}

const dataOf = (html: string): PageData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!) as PageData;

async function verify(authorization: string) {
  const { jwksFile } = await ensureDevelopmentKeys(home);
  return createTokenVerifier({
    issuers: [
      {
        jwks: { file: jwksFile },
        issuer: developmentIssuer,
        audiences: [developmentAudience],
        maxLifetimeSeconds: 12 * 60 * 60,
      },
    ],
    toViewer: identityReader(standardClaimNames),
  }).verify(authorization);
}

describe.each(PAGES)('the page %s', (path) => {
  it('has the example and a valid token with the consent of the person in the example', async () => {
    const { statusCode, headers, body } = await (await serve()).inject(path);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const { query, variables, authorization } = dataOf(body);
    expect(query).toBe(EXAMPLE_QUERY);
    expect(variables).toEqual({ cpf: CPF });
    const identity = await verify(authorization);
    expect([...identity.consentimentos.keys()]).toEqual([CPF]);
    expect(identity.scopes).toContain('evento:movimentacao');
  });

  it('has a new token at each load, and no log holds it', async () => {
    const app = await serve();
    const tokens = [await app.inject(path), await app.inject(path)].map(({ body }) => dataOf(body).authorization);
    expect(tokens[0]).toMatch(/^Bearer \S+$/);
    expect(tokens[1]).not.toBe(tokens[0]);
    expect(logged().join('')).toContain(`"rota":"${path}"`);
    expect(logged().join('')).not.toContain('Bearer');
    expect(logged().join('')).not.toContain(tokens[0]!.slice('Bearer '.length));
  });

  it.each(['localhost:4000', '127.0.0.1:4000', '[::1]:4000', 'pessoa.localhost'])(
    'has a token at the host %s',
    async (host) => {
      const { body } = await (await serve()).inject({ url: path, headers: { host } });
      expect(dataOf(body).authorization).toMatch(/^Bearer /);
    },
  );

  it.each(['rebound.example:4000', 'localhost.example', 'notlocalhost'])(
    'has no token at the host %s, which DNS rebinding could use',
    async (host) => {
      const { body } = await (await serve()).inject({ url: path, headers: { host } });
      expect(dataOf(body).authorization).toBe('');
    },
  );

  it('without development keys has an empty header, and says where a token goes', async () => {
    const { body } = await (await serve({})).inject(path);
    expect(dataOf(body)).toMatchObject({ authorization: '', variables: { cpf: '' } });
    expect(body).toContain('Ponha o seu em Headers');
  });

  it('must not be cached or framed, and runs scripts and sends requests of its own origin only', async () => {
    const { headers } = await (await serve()).inject(path);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive.slice(directive.indexOf(' ') + 1)]),
    );
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(policy['frame-src']).toBe(path === '/sandbox' ? SANDBOX_EMBED_ORIGIN : undefined);
  });

  it('refers only to files that the router serves', async () => {
    const app = await serve();
    const { body } = await app.inject(path);
    const files = [...body.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => match[1]!);
    const workers = (dataOf(body) as PageData & { workers?: Record<string, string> }).workers ?? {};
    expect(files.length).toBeGreaterThan(1);
    for (const file of [...files, ...Object.values(workers)]) {
      const answer = await app.inject(file);
      expect({ file, status: answer.statusCode }).toEqual({ file, status: 200 });
      expect(answer.headers['content-type']).toBe(
        file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
      );
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      const ofPackage = /^\/explorador\/assets\/[a-z]+-\d+\.\d+\.\d+\//.test(file);
      expect(answer.headers['cache-control']).toBe(ofPackage ? 'public, max-age=31536000, immutable' : 'no-cache');
    }
  });

  it('shows a link to the offline explorer', async () => {
    const { body } = await (await serve()).inject(path);
    expect(body).toContain('<a href="/explorador">Explorador sem internet</a>');
  });
});

it('an example that is not a CPF names nobody, and the token is still valid', async () => {
  const { body } = await (await serve({ home, exampleCpf: '</script>' })).inject('/');
  const { variables, authorization } = dataOf(body);
  expect(variables).toEqual({ cpf: '' });
  expect((await verify(authorization)).consentimentos.size).toBe(0);
});

describe("Sandbox's script", () => {
  const require = createRequire(import.meta.url);

  it('runs without anything that only a server has', async () => {
    const app = await serve();
    const path = /src="(\/explorador\/assets\/sandbox[^"]+)"/.exec((await app.inject('/sandbox')).body)![1]!;
    const { body } = await app.inject(path);
    const sandbox: { ApolloSandboxModule?: { ApolloSandbox: unknown } } = {};
    vm.runInNewContext(body, sandbox);
    expect(typeof sandbox.ApolloSandboxModule?.ApolloSandbox).toBe('function');
  });

  it('loads its frame from the only origin that the page allows', async () => {
    const source = await readFile(require.resolve('@apollo/sandbox/EmbeddedSandbox.production.min.cjs'), 'utf8');
    const origins = new Set(source.match(/https:\/\/[a-z.]+\.embed\.[a-z.]+/g));
    expect([...origins]).toEqual([SANDBOX_EMBED_ORIGIN]);
  });
});

describe('CORS of /graphql', () => {
  const preflight = (origin: string) => ({
    method: 'OPTIONS' as const,
    url: '/graphql',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

  it.each([STUDIO, SANDBOX_EMBED_ORIGIN])('lets %s send requests with a token', async (origin) => {
    const app = await serve();
    const preflightAnswer = await app.inject(preflight(origin));
    expect(preflightAnswer.statusCode).toBe(204);
    expect(preflightAnswer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, OPTIONS, POST',
      'access-control-allow-headers':
        'content-type, authorization, dpop, x-finalidade, x-fapi-interaction-id, x-cost, apollo-require-preflight, mcp-protocol-version',
      vary: 'origin',
    });
    expect(preflightAnswer.headers['access-control-allow-credentials']).toBeUndefined();
    const postAnswer = await app.inject({ method: 'POST', url: '/graphql', headers: { origin }, payload: {} });
    expect(postAnswer.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'origin' });
  });

  const otherOrigins = ['https://evil.example', `${STUDIO}.evil.example`, 'http://studio.apollographql.com', 'null'];
  it.each(otherOrigins)('lets %s read nothing', async (origin) => {
    const app = await serve();
    for (const request of [
      preflight(origin),
      { method: 'POST' as const, url: '/graphql', headers: { origin }, payload: {} },
    ]) {
      const { headers } = await app.inject(request);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('lets no origin read the pages, because they hold the token', async () => {
    const app = await serve();
    for (const url of PAGES) {
      const { headers } = await app.inject({ url, headers: { origin: STUDIO } });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('is off outside development', async () => {
    const app = await serve({});
    expect((await app.inject(preflight(STUDIO))).headers).not.toHaveProperty('access-control-allow-origin');
    const postAnswer = await app.inject({ method: 'POST', url: '/graphql', headers: { origin: STUDIO }, payload: {} });
    expect(postAnswer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
