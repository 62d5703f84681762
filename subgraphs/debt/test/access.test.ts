import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import { getIntrospectionQuery } from 'graphql';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const SELECTIONS: Record<string, string> = {
  nome: '',
  situacaoCadastral: '',
  endereco: '{ uf }',
  dividas: '{ totalCount }',
  resumoDividas: '{ quantidade }',
};
const FIELD_NAMES = Object.keys(SELECTIONS);
const FIELDS = FIELD_NAMES.map((field) => `${field} ${SELECTIONS[field]}`).join(' ');
const UNAUTHORIZED = { message: 'Your token does not give access to this.' };
const NOT_THE_HOLDER = { ...UNAUTHORIZED, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'TITULAR' } };
const scopesOf = (field: string) => (field === 'endereco' ? ['divida:read', 'cadastro:read'] : ['divida:read']);
const missingScopeOf = (field: string) => ({
  ...UNAUTHORIZED,
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO', escopos: scopesOf(field) },
});

describe('Access to Debt', () => {
  let debt: DebtUnderTest;
  let log: StatementLog;
  let cpf: Cpf;

  beforeAll(async () => {
    debt = await openDebt(async ({ baseA }) => {
      log = await openStatementLog(baseA.readerUrl);
      return { BASE_A_URL: log.url };
    });
    cpf = await debt.newPessoa({ nome: 'Ana Fictícia', endereco: { uf: 'SP' } });
    await debt.newDivida(cpf);
  });
  beforeEach(() => log.clear());
  afterAll(async () => {
    await debt.close();
    await log.close();
  });

  const ask = (token: string | null, of: Cpf = cpf, headers: Record<string, string> = {}) =>
    debt.ask(`query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${FIELDS} } }`, { variables: { cpf: of }, token, headers });

  describe('without a valid token', () => {
    const invalidTokens: Record<string, () => Promise<string | null>> = {
      'no token': async () => null,
      'an expired token': () => debt.token({ ttlSeconds: -60 }),
      'a token for another audience': () => debt.token({ audience: 'outra-api' }),
      'a token signed by another key': async () => (await createTestEnvironment(debt.bases)).token(),
      'a token without a signature': async () => (await debt.token()).replace(/\.[^.]+$/, '.'),
      'a token with changed claims': async () => {
        const [header, , signature] = (await debt.token({ scope: '' })).split('.');
        const [, claims] = (await debt.token()).split('.');
        return [header, claims, signature].join('.');
      },
      'a token that is no JWT': async () => 'garbage',
    };
    it.each(Object.keys(invalidTokens))('a request is 401 and reads nothing from the base (%s)', async (name) => {
      const { status, headers, body } = await ask(await invalidTokens[name]!());
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body).toEqual({
        errors: [{ message: 'A valid bearer token is required.', extensions: { code: 'UNAUTHENTICATED' } }],
      });
      expect(log.statements()).toEqual([]);
    });

    it.each([
      [
        'an entity',
        `{ _entities(representations: [{ __typename: "Pessoa", cpf: "${UNKNOWN}" }]) { ... on Pessoa { nome } } }`,
      ],
      ['the service’s SDL', '{ _service { sdl } }'],
      ['introspection', getIntrospectionQuery()],
      ['the type name of the root', '{ __typename }'],
      ['a document that is not GraphQL', '{'],
    ])('a query for %s is 401 and shows nothing of the schema', async (_, query) => {
      const { status, body } = await debt.ask(query, { token: null });
      expect(status).toBe(401);
      expect(body.data).toBe(undefined);
      expect(JSON.stringify(body)).not.toMatch(/Pessoa|scalar|__schema/);
    });

    it('a GET request and a body that is not JSON are 401', async () => {
      const answers = await Promise.all([
        fetch(`${debt.url}/graphql?query={__typename}`, { headers: { 'apollo-require-preflight': 'true' } }),
        fetch(`${debt.url}/graphql`, {
          method: 'POST',
          body: 'query={__typename}',
          headers: { 'content-type': 'text/plain' },
        }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    });

    it('the health routes answer', async () => {
      const live = await debt.get('/health/live', { token: null });
      const ready = await debt.get('/health/ready', { token: null });
      expect({ live: [live.status, live.body], ready: [ready.status, ready.body] }).toEqual({
        live: [200, { status: 'ok' }],
        ready: [200, { status: 'ok', fontes: { divida: 'ok' }, chaves: { principal: 'ok' } }],
      });
    });
  });

  describe('without a purpose', () => {
    const REFUSAL = {
      errors: [
        {
          message: 'Say why the data is read: claim `finalidade` or header `x-finalidade`.',
          extensions: { code: 'FINALIDADE_AUSENTE', motivo: 'FINALIDADE' },
        },
      ],
    };

    it('a request is 403 and reads nothing from the base', async () => {
      const { status, body } = await ask(await debt.token({ finalidade: null }));
      expect({ status, body }).toEqual({ status: 403, body: REFUSAL });
      expect(log.statements()).toEqual([]);
    });

    it('the header x-finalidade may name it, with a value of the list', async () => {
      const token = await debt.token({ finalidade: null });
      expect((await ask(token, cpf, { 'x-finalidade': 'VENDA_A_PRAZO' })).body).toMatchObject({
        data: { pessoa: { nome: 'Ana Fictícia' } },
      });
      for (const wrong of ['MARKETING', 'venda_a_prazo', '']) {
        expect(await ask(token, cpf, { 'x-finalidade': wrong })).toMatchObject({
          status: 400,
          body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
        });
      }
    });

    it('CONSULTA_DO_TITULAR counts only with the holder’s CPF in the token', async () => {
      const claim = await debt.token({ finalidade: 'CONSULTA_DO_TITULAR' });
      const header = await debt.token({ finalidade: null });
      expect(await ask(claim)).toMatchObject({ status: 403, body: REFUSAL });
      expect(await ask(header, cpf, { 'x-finalidade': 'CONSULTA_DO_TITULAR' })).toMatchObject({
        status: 403,
        body: REFUSAL,
      });
      expect(log.statements()).toEqual([]);
    });
  });

  describe('with scopes', () => {
    const ownScopes = FIELD_NAMES.flatMap((field) => scopesOf(field).map((scope) => [field, scope] as const));
    it.each(ownScopes)('%s needs %s: without it the field is null and nothing is read', async (field, scope) => {
      const query = `{ pessoa(cpf: "${cpf}") { cpf ${field} ${SELECTIONS[field]} } }`;
      const otherScopes = scopesOf(field).filter((name) => name !== scope);
      const token = await debt.token({
        scope: ['score:read score:detalhe evento:read evento:movimentacao divida divida:read:completo DIVIDA:READ CADASTRO:READ', ...otherScopes].join(' '), // prettier-ignore
      });
      const { status, body } = await debt.ask(query, { token });
      expect(status).toBe(200);
      expect(body).toEqual({
        data: { pessoa: { cpf, [field]: null } },
        errors: [{ ...missingScopeOf(field), path: ['pessoa', field] }],
      });
      expect(log.statements()).toEqual([]);
      const tokenOfField = await debt.token({ scope: scopesOf(field).join(' ') });
      expect((await debt.ask(query, { token: tokenOfField })).body.errors).toBe(undefined);
    });

    it('a refusal is the same for a CPF that Base A does not know', async () => {
      const token = await debt.token({ scope: 'score:read' });
      const [known, unknown] = [await ask(token), await ask(token, UNKNOWN)];
      expect(unknown.body).toEqual(known.body);
      expect(known.body.errors).toHaveLength(5);
      expect(log.statements()).toEqual([]);
    });

    it('each alias of a field is refused at its own path', async () => {
      const token = await debt.token({ scope: '' });
      const { body } = await debt.ask(
        `{ quem: pessoa(cpf: "${cpf}") { a: nome ... on Pessoa { b: nome } ...f } } fragment f on Pessoa { c: nome }`,
        { token },
      );
      expect(body).toEqual({
        data: { quem: { a: null, b: null, c: null } },
        errors: ['a', 'b', 'c'].map((key) => ({ ...missingScopeOf('nome'), path: ['quem', key] })),
      });
    });
  });

  describe('with a holder’s token', () => {
    it('the holder reads their own data', async () => {
      const { body } = await ask(await debt.token({ cpf }));
      expect(body).toEqual({
        data: {
          pessoa: {
            nome: 'Ana Fictícia',
            situacaoCadastral: 'REGULAR',
            endereco: { uf: 'SP' },
            dividas: { totalCount: 1 },
            resumoDividas: { quantidade: 1 },
          },
        },
      });
    });

    it('every other person is refused, known or not, with the same answer, and nothing is read', async () => {
      const token = await debt.token({ cpf: await debt.newPessoa() });
      const [known, unknown] = [await ask(token), await ask(token, UNKNOWN)];
      expect(known.body).toEqual({
        data: { pessoa: Object.fromEntries(FIELD_NAMES.map((field) => [field, null])) },
        errors: FIELD_NAMES.map((field) => ({ ...NOT_THE_HOLDER, path: ['pessoa', field] })),
      });
      expect(unknown.body).toEqual(known.body);
      expect(unknown.status).toBe(known.status);
      expect(log.statements()).toEqual([]);
    });

    it('a request for several people shows only the holder', async () => {
      const other = await debt.newPessoa();
      const { body } = await debt.ask('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }', {
        variables: { cpfs: [other, cpf, UNKNOWN] },
        token: await debt.token({ cpf }),
      });
      expect(body).toEqual({
        data: { pessoas: [{ nome: null }, { nome: 'Ana Fictícia' }, { nome: null }] },
        errors: [0, 2].map((index) => ({ ...NOT_THE_HOLDER, path: ['pessoas', index, 'nome'] })),
      });
    });

    it('the holder needs the scopes too', async () => {
      const { body } = await ask(await debt.token({ cpf, scope: '' }));
      expect(body.errors).toHaveLength(5);
    });

    it('every other person is refused under any other purpose too', async () => {
      const token = await debt.token({ cpf: await debt.newPessoa(), finalidade: 'CONCESSAO_CREDITO' });
      expect((await ask(token)).body.errors).toHaveLength(5);
    });
  });

  describe('through the fields of federation', () => {
    const entity = (of: unknown, token?: string) =>
      debt.ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pessoa { cpf nome } } }', {
        variables: { r: [{ __typename: 'Pessoa', cpf: of }] },
        ...(token && { token }),
      });

    it('_entities needs the scope of each field', async () => {
      expect((await entity(cpf)).body).toEqual({ data: { _entities: [{ cpf, nome: 'Ana Fictícia' }] } });
      expect((await entity(cpf, await debt.token({ scope: '' }))).body).toEqual({
        data: { _entities: [{ cpf, nome: null }] },
        errors: [{ ...missingScopeOf('nome'), path: ['_entities', 0, 'nome'] }],
      });
    });

    it('_entities shows a holder only the CPF of the representation of another person', async () => {
      const token = await debt.token({ cpf: await debt.newPessoa() });
      const [known, unknown] = [await entity(cpf, token), await entity(UNKNOWN, token)];
      expect(known.body).toEqual({
        data: { _entities: [{ cpf, nome: null }] },
        errors: [{ ...NOT_THE_HOLDER, path: ['_entities', 0, 'nome'] }],
      });
      expect(unknown.body).toEqual({ ...known.body, data: { _entities: [{ cpf: UNKNOWN, nome: null }] } });
      expect(log.statements()).toEqual([]);
    });

    it.each([5, 'segredo', {}, [[]], [{}], [{ __typename: 'segredo' }], [{ __typename: 'Query' }], [{ cpf: UNKNOWN }]])(
      '_entities refuses malformed representations as bad input, without repeating them: %j',
      async (r) => {
        const { body } = await debt.ask('query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', { variables: { r } }); // prettier-ignore
        expect(body.errors).toEqual([expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })]);
        expect(JSON.stringify(body)).not.toContain('segredo');
      },
    );

    it.each(['52998224724', '', 52998224725, null, { $ne: '' }])(
      '_entities refuses an invalid CPF (case %#)',
      async (of) => {
        const { body } = await entity(of);
        expect(body.data ?? null).toBe(null);
        expect(body.errors).toMatchObject([{ extensions: { code: 'CPF_INVALIDO' } }]);
      },
    );

    it('a token without scopes may read the SDL and introspect the schema', async () => {
      const sdl = await debt.ask('{ _service { sdl } }', { token: await debt.token({ scope: '' }) });
      expect(JSON.stringify(sdl.body.data)).toContain('@requiresScopes');
      const introspection = await debt.ask(getIntrospectionQuery(), { token: await debt.token({ scope: '' }) });
      expect(introspection.body.errors).toBe(undefined);
      expect(JSON.stringify(introspection.body.data)).toContain('DividaConexao');
    });
  });
});
