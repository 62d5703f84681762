import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import type { FastifyInstance } from 'fastify';
import type { PersonPageConfig } from '../../src/config.ts';
import { pageOperationIds } from '../../src/person-page/page-operations.ts';
import { cookieHeader, cookiesOf, enter, HOST, KEY, OIDC, OURS, servePage } from './served-page.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pessoa-page-'));
  await ensureDevelopmentKeys(home);
});
afterAll(() => rm(home, { recursive: true }));

const serve = (config?: PersonPageConfig): Promise<FastifyInstance> => servePage(home, config ? { config } : {});
const ask = (app: FastifyInstance, headers: Record<string, string>, payload: object = ASKED) =>
  app.inject({ method: 'POST', url: '/pessoa/graphql', headers: { 'x-finalidade': 'LOCACAO', ...headers }, payload });
const ASKED = { extensions: { persistedQuery: { version: 1, sha256Hash: pageOperationIds['PaginaDaPessoa'] } } };

describe('The session of a user', () => {
  it('is in a cookie that scripts cannot read and other sites do not send; with https it is bound to the host', async () => {
    const answer = await enter(await serve());
    expect(answer.statusCode).toBe(204);
    expect(cookiesOf(answer)[0]).toMatchObject({
      name: 'pessoa-sessao',
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
    });
    expect(cookiesOf(answer)[0]).not.toHaveProperty('domain');
    const secured = await serve({ oidc: { ...OIDC, origin: 'https://consulta.example' } });
    const signedOut = await secured.inject({ method: 'POST', url: '/pessoa/sair', headers: { ...OURS, origin: 'https://consulta.example' }, payload: {} }); // prettier-ignore
    expect(cookiesOf(signedOut)[0]).toMatchObject({ name: '__Host-pessoa-sessao', secure: true, httpOnly: true, sameSite: 'strict', path: '/' }); // prettier-ignore
  });

  it("asks the graph with the user's token and the purpose of the request", async () => {
    const app = await serve();
    const cookie = cookieHeader(await enter(app));
    const answer = await ask(app, { ...OURS, cookie });
    expect(answer.json()).toMatchObject({ data: { sujeito: 'pessoa-de-desenvolvimento', finalidade: 'LOCACAO' } });
  });

  it.each([
    ['none', ''],
    ['one that we did not seal', 'pessoa-sessao=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA'],
  ])('is missing with the cookie: %s', async (_description, cookie) => {
    const answer = await ask(await serve(), { ...OURS, cookie });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('ends at the sign-out', async () => {
    const app = await serve();
    const answer = await app.inject({ method: 'POST', url: '/pessoa/sair', headers: OURS, payload: {} });
    expect(cookiesOf(answer).map(({ value, maxAge }) => [value, maxAge])).toEqual([['', 0], ['', 0], ['', 0]]); // prettier-ignore
    expect(answer.json()).toEqual({ endereco: '/pessoa' });
  });

  it('takes several cookies for a token with many consents, and no more than a request may have', async () => {
    const { privateJwk } = await ensureDevelopmentKeys(home);
    const consents = (count: number) => Array.from({ length: count }, () => '52998224725');
    const app = await serve();
    const { sealedCookies } = await import('../../src/person-page/sealed-cookies.ts');
    const cookies = sealedCookies<{ token: string }>({ key: KEY, name: 'teste', isSecure: false });
    app.post('/escreve', async ({ body }, reply) => {
      await cookies.write(reply, body as { token: string });
      return reply.code(204).send();
    });
    app.post('/le', async (request) => ({ content: await cookies.read(request) }));
    const token = await mintToken(privateJwk, { consentimento: consents(40) });
    const written = await app.inject({ method: 'POST', url: '/escreve', payload: { token } });
    expect(cookiesOf(written).filter(({ value }) => value).length).toBeGreaterThan(1);
    const read = await app.inject({
      method: 'POST',
      url: '/le',
      headers: { cookie: cookieHeader(written) },
      payload: {},
    });
    expect(read.json()).toEqual({ content: { token } });
    const tooMuch = await app.inject({ method: 'POST', url: '/escreve', payload: { token: 'x'.repeat(12_000) } });
    expect(tooMuch.statusCode).toBe(500);
  });
});

describe('A request that a page of another site could have caused is refused', () => {
  const { 'x-pessoa-pagina': _, ...withoutHeader } = OURS;
  const { origin: __, ...withoutOrigin } = OURS;
  const forged: [string, Record<string, string>][] = [
    ['without our header', withoutHeader],
    ['without an origin', withoutOrigin],
    ['from another origin', { ...OURS, origin: 'https://evil.example' }],
    ['from another port of this host', { ...OURS, origin: 'http://127.0.0.1:4001' }],
    ['from another scheme', { ...OURS, origin: `https://${HOST}` }],
    ['from a sandboxed frame', { ...OURS, origin: 'null' }],
    ['which the browser says is from another site', { ...OURS, 'sec-fetch-site': 'cross-site' }],
    ['to a name that a stranger pointed here', { ...OURS, host: 'rebound.example', origin: 'http://rebound.example' }],
  ];

  it.each(forged)('%s', async (_description, headers) => {
    const app = await serve();
    const cookie = cookieHeader(await enter(app));
    for (const url of ['/pessoa/graphql', '/pessoa/sem-conteudo', '/pessoa/sair', '/pessoa/desenvolvimento']) {
      const answer = await app.inject({ method: 'POST', url, headers: { ...headers, cookie, 'x-finalidade': 'LOCACAO' }, payload: ASKED }); // prettier-ignore
      expect({ url, status: answer.statusCode, body: answer.body.includes('BAD_USER_INPUT') }).toEqual({ url, status: 400, body: true }); // prettier-ignore
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('A session runs nothing but the operations of the page', () => {
  it.each([
    ['a document', { query: '{ __typename }' }],
    ['a document beside an id', { query: '{ __typename }', ...ASKED }],
    ['another id', { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }],
  ])('and so not %s', async (_description, payload) => {
    const app = await serve();
    const cookie = cookieHeader(await enter(app));
    const answer = await ask(app, { ...OURS, cookie }, payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }] });
  });

  it('and only by POST', async () => {
    expect((await (await serve()).inject({ url: '/pessoa/graphql', headers: OURS })).statusCode).toBe(405);
  });
});

describe('The sign-in of development', () => {
  it('is for this machine only', async () => {
    const forwarded = await enter(await serve(), { ...OURS, 'x-forwarded-for': '203.0.113.9' });
    expect([forwarded.statusCode, forwarded.headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('does not exist with an issuer', async () => {
    expect((await enter(await serve({ oidc: OIDC }))).statusCode).toBe(404);
  });

  it('refuses a holder who has no CPF', async () => {
    const answer = await enter(await serve(), OURS, { cpf: '99999900101' });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'CPF_INVALIDO']);
  });
});

describe('The pages', () => {
  it.each(['/pessoa', '/pessoa/lista'])(
    '%s hold no token and no one’s data, obey a strict policy, and are not stored',
    async (url) => {
      // prettier-ignore
      const app = await serve();
      const cookie = cookieHeader(await enter(app));
      for (const headers of [{}, { cookie }]) {
        const { body, headers: answered } = await app.inject({ url, headers });
        expect(body).not.toMatch(/eyJ/);
        expect(body).not.toMatch(/ style="| on\w+="/);
        expect(answered['cache-control']).toBe('no-store');
        expect(answered['content-security-policy']).toContain("script-src 'self'; style-src 'self';");
        expect(answered['content-security-policy']).not.toContain('unsafe');
      }
    },
  );

  it('refer only to files that the router serves', async () => {
    const app = await serve();
    const cookie = cookieHeader(await enter(app));
    const pages = await Promise.all([
      app.inject('/pessoa'),
      app.inject({ url: '/pessoa', headers: { cookie } }),
      app.inject({ url: '/pessoa/lista', headers: { cookie } }),
    ]);
    const files = new Set(pages.flatMap(({ body }) => [...body.matchAll(/(?:src|href)="(\/pessoa\/arquivos\/[^"]+)"/g)].map(([, file]) => file!))); // prettier-ignore
    expect(files.size).toBeGreaterThan(10);
    for (const file of files) expect([file, (await app.inject(file)).statusCode]).toEqual([file, 200]);
  });
});
