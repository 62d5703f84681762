import { once } from 'node:events';
import { connect } from 'node:net';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { INTERNAL_IDENTITY_HEADER } from '@pessoa/service/identity/internal-identity';
import { asRouter, type SignRequest } from '@pessoa/testkit/as-router';
import { graphql } from '@pessoa/testkit/graphql-client';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

describe('The GraphQL endpoint of a subgraph', () => {
  let debt: DebtUnderTest;
  let token: string;
  let sign: SignRequest;
  beforeAll(async () => {
    debt = await openDebt();
    token = await debt.token();
    sign = asRouter(debt.environment.env, 'debt');
  });
  afterAll(() => debt.close());

  const query = '{ __typename }';
  const refused = {
    status: 401,
    challenge: 'Bearer',
    body: { errors: [{ message: expect.stringContaining('router'), extensions: { code: 'UNAUTHENTICATED' } }] },
  };
  async function ask(options: Partial<Parameters<typeof graphql>[1]> = {}) {
    const { status, headers, body } = await graphql(debt.url, { query, token, ...options });
    return { status, challenge: headers.get('www-authenticate'), body };
  }
  /** The headers that the router would send with the request that `other` describes. */
  const borrowed = (other: { headers?: Record<string, string>; body?: string; method?: string; path?: string }) =>
    sign(other.headers ?? { authorization: `Bearer ${token}` }, other.body ?? JSON.stringify({ query }), other.method, other.path); // prettier-ignore

  it('answers the router', async () => {
    expect(await ask({ sign })).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
  });

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['no identity of the router', async () => ({})],
    ['a word as identity', async () => ({ [INTERNAL_IDENTITY_HEADER]: 'router' })],
    ['the identity for another token', async () => borrowed({ headers: { authorization: `Bearer ${await debt.token({ clientId: 'outro' })}` } })], // prettier-ignore
    ['the identity for another purpose', async () => borrowed({ headers: { authorization: `Bearer ${token}`, 'x-finalidade': 'COBRANCA' } })], // prettier-ignore
    ['the identity for another path', async () => borrowed({ path: '/graphql?a=b' })],
    ['the identity for another method', async () => borrowed({ method: 'GET' })],
    ['the identity for another subgraph', async () => asRouter(debt.environment.env, 'score')({ authorization: `Bearer ${token}` }, JSON.stringify({ query }))], // prettier-ignore
    ['the identity by another key', async () => asRouter({ INTERNAL_KEY: Buffer.alloc(32).toString('base64url') }, 'debt')({ authorization: `Bearer ${token}` }, JSON.stringify({ query }))], // prettier-ignore
  ])('refuses a request that carries %s', async (_, headers) => {
    expect(await ask({ headers: await headers() })).toEqual(refused);
  });

  it('answers a replayed identity with the same body, and refuses it with another body', async () => {
    const headers = borrowed({});
    expect(await ask({ headers })).toMatchObject({ status: 200 });
    expect(await ask({ headers, query: '{ a: __typename }' })).toMatchObject({ status: 401, body: refused.body });
    expect(await ask({ headers, variables: { cpf: '1' } })).toMatchObject({ status: 401, body: refused.body });
  });

  it('checks the identity of a GET request too', async () => {
    const path = `/graphql?query=${encodeURIComponent(query)}`;
    const headers = { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'true' };
    const status = async (identity: Record<string, string>) =>
      (await fetch(debt.url + path, { headers: { ...headers, ...identity } })).status;
    expect(await status({})).toBe(401);
    expect(await status(sign(headers, '', 'GET', path))).toBe(200);
    expect(await status(sign(headers, 'x', 'GET', path))).toBe(401);
  });

  it('refuses a request without identity before it reads the body', async () => {
    const { port } = new URL(debt.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n{`); // prettier-ignore
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('leaves the REST routes open to a token alone, and each read over REST is in the audit', async () => {
    const cpf = await debt.newPessoa();
    const hash = cpfHasher(Buffer.from(debt.environment.env['CPF_HASH_KEY']!, 'base64url'))(cpf);
    const headers = borrowed({ method: 'GET', path: `/divida/${cpf}`, body: '' });
    expect((await debt.get(`/divida/${cpf}`)).status).toBe(200);
    expect((await debt.get(`/divida/${cpf}`, { headers })).status).toBe(200);
    const { rows } = await debt.bases.auditoria.owner.query('SELECT servico FROM acesso WHERE cpf_hash = $1', [hash]);
    expect(rows).toEqual([{ servico: 'debt' }, { servico: 'debt' }]);
  });

  const repeat = (count: number, make: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => make(n)).join(' ');
  const bomb = (levels: number) =>
    `{ pessoa(cpf: "52998224725") { ...F0 } } ${repeat(levels, (n) => `fragment F${n} on Pessoa { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on Pessoa { nome }`;

  it.each([
    ['a bomb of fragments', bomb(20)],
    ['a hundred aliases', `{ pessoa(cpf: "52998224725") { ${repeat(100, (n) => `a${n}: nome`)} } }`],
    ['six root fields', `{ ${repeat(6, (n) => `r${n}: __typename`)} }`],
    ['a name of 65 characters', `query ${'n'.repeat(65)} { __typename }`],
    ['20,001 tokens', `{ ${'__typename '.repeat(20_001)} }`],
    ['several operations in one request', undefined],
  ])('applies its limits to the router too: %s', async (_, document) => {
    const start = performance.now();
    if (document !== undefined) {
      const { status, body } = await ask({ sign, query: document });
      expect({ status, extensions: body.errors?.[0]?.extensions }).toEqual({
        status: 400,
        extensions: { code: 'LIMITE_EXCEDIDO' },
      });
    } else {
      const body = JSON.stringify([{ query }, { query }]);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(`${debt.url}/graphql`, { method: 'POST', headers: { ...headers, ...sign(headers, body) }, body }); // prettier-ignore
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'LIMITE_EXCEDIDO' } }] },
      });
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
