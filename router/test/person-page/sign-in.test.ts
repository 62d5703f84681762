import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { type TestLog, testLog } from '@pessoa/testkit/logs/test-log';
import type { FastifyInstance } from 'fastify';
import { ENDING_MAX } from '../../src/person-page/sign-in.ts';
import { type FaultyIssuer, json, startFaultyIssuer } from './faulty-issuer.ts';
import { cookieHeader, cookiesOf, enter, OIDC, OURS, servePage } from './served-page.ts';

let home: string;
let token: string;
let issuer: FaultyIssuer;
let log: TestLog;
let app: FastifyInstance;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pessoa-sign-in-'));
  token = await mintToken((await ensureDevelopmentKeys(home)).privateJwk, {});
  issuer = await startFaultyIssuer();
});
afterAll(async () => {
  await issuer.close();
  await rm(home, { recursive: true });
});
const CLIENT_SECRET = 'segredo-do-cliente-0123456789';
const serveWithIssuer = (options: { jwksFile?: string } = {}) =>
  servePage(home, {
    config: { oidc: { ...OIDC, issuer: issuer.url, clientSecret: CLIENT_SECRET } },
    logger: log.logger,
    ...options,
  });
beforeEach(async () => {
  log = testLog();
  app = await serveWithIssuer();
});

interface Begun {
  readonly cookie: string;
  readonly state: string;
  readonly nonce: string;
}

async function begin(para = ''): Promise<Begun> {
  const answer = await app.inject(`/pessoa/entrar${para}`);
  expect(answer.statusCode).toBe(302);
  const { searchParams } = new URL(answer.headers.location!);
  return { cookie: cookieHeader(answer), state: searchParams.get('state')!, nonce: searchParams.get('nonce')! };
}

const finish = ({ cookie, state }: Begun, query = `?code=x&state=${state}`) =>
  app.inject({ method: 'POST', url: '/pessoa/entrada', headers: { ...OURS, cookie }, payload: { query } });

/** The issuer gives the token, and an ID token with these claims. */
async function grant(claims: { nonce: string }): Promise<void> {
  issuer.answerWith(
    json(200, { access_token: token, token_type: 'Bearer', id_token: await issuer.idToken({ ...claims }) }),
  );
}

const warnings = () => log.lines().filter((line) => line.includes('FONTE_INDISPONIVEL') && line.includes('"err"'));

describe('The end of a sign-in', () => {
  it.each([
    ['', '/pessoa'],
    ['?para=lista', '/pessoa/lista'],
  ])('names the page from which it began: %j', async (para, path) => {
    const begun = await begin(para);
    await grant(begun);
    const answer = await finish(begun);
    expect([answer.statusCode, answer.json()]).toEqual([200, { path }]);
    expect((await app.inject({ url: path, headers: { cookie: cookieHeader(answer) } })).body).toContain('Alice Analista'); // prettier-ignore
  });

  it.each(['?para=https://evil.example', '?para=//evil.example', '?para=/pessoa', '?para=', '?para=lista&para=lista'])(
    'names no other page: %s',
    async (para) => {
      const answer = await app.inject(`/pessoa/entrar${para}`);
      expect([answer.statusCode, answer.json().code, answer.headers['set-cookie']]).toEqual([400, 'BAD_USER_INPUT', undefined]); // prettier-ignore
    },
  );

  it('begins again from the page that asked for it', async () => {
    expect((await app.inject('/pessoa/lista')).body).toContain('href="/pessoa/entrar?para=lista"');
    expect((await app.inject('/pessoa')).body).toContain('href="/pessoa/entrar"');
  });

  it.each<[string, string, object?]>([
    ['the user', '?error=access_denied'],
    ['the code', '?code=x', { error: 'invalid_grant' }],
  ])('is a refusal when the issuer refuses %s', async (_what, query, body = {}) => {
    issuer.answerWith(json(400, body));
    const begun = await begin();
    const answer = await finish(begun, `${query}&state=${begun.state}`);
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(warnings()).toEqual([]);
  });

  it('is a refusal when a check fails: of the state, without a call of the issuer, or of the nonce', async () => {
    const before = issuer.tokenCalls();
    expect((await finish(await begin(), '?code=x&state=de-outro')).json().code).toBe('UNAUTHENTICATED');
    expect(issuer.tokenCalls()).toBe(before);
    await grant({ nonce: 'de-outro' });
    expect((await finish(await begin())).json().code).toBe('UNAUTHENTICATED');
    expect(issuer.tokenCalls()).toBe(before + 1);
    expect(warnings()).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => void | Promise<void>, string]>([
    ['ends the connection', (response) => void response.destroy(), 'fetch failed'],
    ['answers 503', (response) => void response.writeHead(503).end('<h1>'), 'unexpected HTTP response status code'],
    ['does not know our client', json(401, { error: 'invalid_client' }), 'the token endpoint answers invalid_client'],
    ['gives no token', json(200, { token_type: 'Bearer' }), 'invalid response encountered'],
  ])('is an outage, and in the log, when the issuer %s', async (_what, answerToken, reason) => {
    issuer.answerWith(answerToken);
    const answer = await finish(await begin());
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'FONTE_INDISPONIVEL']);
    expect(warnings()).toEqual([expect.stringContaining(reason)]);
    expect(log.lines().join('')).not.toContain(CLIENT_SECRET);
  });

  it('is an outage when the issuer says in the browser that it does not work', async () => {
    const begun = await begin();
    const answer = await finish(begun, `?error=temporarily_unavailable&state=${begun.state}`);
    expect(answer.json().code).toBe('FONTE_INDISPONIVEL');
  });

  it('is an outage when the keys of the issuer cannot be read', async () => {
    app = await serveWithIssuer({ jwksFile: join(home, 'ausente.json') });
    const begun = await begin();
    await grant(begun);
    const answer = await finish(begun);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'FONTE_INDISPONIVEL']);
    expect(cookiesOf(answer).filter(({ name }) => name === 'pessoa-sessao')).toEqual([]);
  });

  it('works once, also for whoever kept the cookie, and calls the issuer once', async () => {
    const before = issuer.tokenCalls();
    const begun = await begin();
    await grant(begun);
    expect((await finish(begun)).statusCode).toBe(200);
    for (let again = 0; again < 3; again++) expect((await finish(begun)).json().code).toBe('UNAUTHENTICATED');
    expect(issuer.tokenCalls()).toBe(before + 1);
  });

  it('calls the issuer for a limited number at the same time', async () => {
    const waiting: ServerResponse[] = [];
    const all = new Promise<void>((resolve) => {
      issuer.answerWith((response) => {
        if (waiting.push(response) === ENDING_MAX) resolve();
      });
    });
    const running = [];
    for (let count = 0; count < ENDING_MAX; count++) running.push(finish(await begin()).then(({ json: body }) => body().code)); // prettier-ignore
    await all;
    const refused = await finish(await begin());
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'RATE_LIMITED']);
    for (const response of waiting) json(400, { error: 'invalid_grant' })(response);
    expect(new Set(await Promise.all(running))).toEqual(new Set(['UNAUTHENTICATED']));
    const begun = await begin();
    await grant(begun);
    expect((await finish(begun)).statusCode).toBe(200);
  });
});

describe('A session', () => {
  it('outlives an outage of the keys: the page is 503, and the cookie stays', async () => {
    const cookie = cookieHeader(await enter(await servePage(home)));
    const withoutKeys = await servePage(home, { jwksFile: join(home, 'ausente.json') });
    const answer = await withoutKeys.inject({ url: '/pessoa', headers: { cookie } });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'FONTE_INDISPONIVEL']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('ends when its token is refused', async () => {
    const cookie = cookieHeader(await enter(await servePage(home)));
    const other = await mkdtemp(join(home, 'outra-'));
    const { jwksFile } = await ensureDevelopmentKeys(other);
    const answer = await (await servePage(home, { jwksFile })).inject({ url: '/pessoa', headers: { cookie } });
    expect(answer.body).toContain('Sua sessão terminou');
    expect(cookiesOf(answer).map(({ value, maxAge }) => [value, maxAge])).toEqual([['', 0], ['', 0], ['', 0]]); // prettier-ignore
  });
});
