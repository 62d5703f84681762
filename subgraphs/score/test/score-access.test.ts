import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { getIntrospectionQuery } from 'graphql';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const UNAUTHORIZED = {
  message: 'Your token does not give access to this.',
};
const missingScope = (scope: string) => ({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO', escopos: [scope] });
const NOT_THE_HOLDER = { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'TITULAR' };
const PERSON =
  'query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf score { valor pontosBase fatores { codigo } } perfil { idade } } }';

describe('Access to Score', () => {
  let score: ScoreUnderTest;
  let log: StatementLog;
  let cpf: Cpf;

  beforeAll(async () => {
    score = await openScore(async ({ baseB }) => {
      log = await openStatementLog(baseB.readerUrl);
      return { BASE_B_URL: log.url };
    });
    cpf = await score.newTitular(EXEMPLO);
  });
  beforeEach(() => log.clear());
  afterAll(async () => {
    await score.close();
    await log.close();
  });

  const ask = (token: string | null, requestedCpf: Cpf = cpf) =>
    score.ask(PERSON, { variables: { cpf: requestedCpf }, token });
  const askWithScope = async (scope: string, requestedCpf: Cpf = cpf) =>
    ask(await score.token({ scope }), requestedCpf);
  /** `score` needs one scope, every other field here another. */
  const errorsAt = (...paths: (string | number)[][]) =>
    paths.map((path) => ({ ...UNAUTHORIZED, path, extensions: missingScope(path.at(-1) === 'score' ? 'score:read' : 'score:detalhe') })); // prettier-ignore

  it.each([
    ['one person', `{ pessoa(cpf: "${UNKNOWN}") { score { valor } } }`],
    [
      'an entity',
      `{ _entities(representations: [{ __typename: "Pessoa", cpf: "${UNKNOWN}" }]) { ... on Pessoa { score { valor } } } }`,
    ],
    ['the service’s SDL', '{ _service { sdl } }'],
    ['introspection', getIntrospectionQuery()],
  ])('without a valid token %s is refused with 401', async (_, query) => {
    for (const token of [null, await score.token({ ttlSeconds: -60 }), await score.token({ audience: 'outra-api' })]) {
      const { status, headers, body } = await score.ask(query, { token });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body).toEqual({
        errors: [{ message: 'A valid bearer token is required.', extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
    expect(log.statements()).toEqual([]);
  });

  it('without a purpose a request is refused with 403', async () => {
    const { status, body } = await ask(await score.token({ finalidade: null }));
    expect({ status, codes: body.errors?.map(({ extensions }) => extensions?.code), data: body.data }).toEqual({
      status: 403,
      codes: ['FINALIDADE_AUSENTE'],
      data: undefined,
    });
    expect(log.statements()).toEqual([]);
  });

  it('with score:read a token reads the score, but not its factors or the profile', async () => {
    const { status, body } = await askWithScope('score:read');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { pessoa: { cpf, score: { valor: expect.any(Number), pontosBase: null, fatores: null }, perfil: null } },
      errors: expect.arrayContaining(
        errorsAt(['pessoa', 'score', 'pontosBase'], ['pessoa', 'score', 'fatores'], ['pessoa', 'perfil']),
      ),
    });
    expect(body.errors).toHaveLength(3);
  });

  it('with score:detalhe alone a token reads the profile, but not the score', async () => {
    const { body } = await askWithScope('score:detalhe');
    expect(body).toEqual({
      data: { pessoa: { cpf, score: null, perfil: { idade: 36 } } },
      errors: errorsAt(['pessoa', 'score']),
    });
  });

  it('with both scopes a token reads the score, its factors and the profile', async () => {
    const { body } = await askWithScope('score:read score:detalhe');
    expect(body).toMatchObject({
      data: { pessoa: { score: { pontosBase: 530, fatores: { length: 6 } }, perfil: { idade: 36 } } },
    });
    expect(body.errors).toBe(undefined);
  });

  it('cadastral data needs cadastro:read too, and without it the rest of the profile is shown', async () => {
    const query = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { perfil { idade bens { tipo } patrimonioLiquido
      endereco { uf } fontesDeRenda { tipo } rendaMensal } } }`;
    const perfilWith = async (scope: string) =>
      (await score.ask(query, { variables: { cpf }, token: await score.token({ scope }) })).body;
    const whole = await perfilWith('score:detalhe cadastro:read');
    const { perfil } = (whole.data as unknown as { pessoa: { perfil: object } }).pessoa;
    expect(perfil).toMatchObject({
      fontesDeRenda: [{ tipo: 'SALARIO' }, { tipo: 'AUTONOMO' }],
      rendaMensal: expect.any(String),
    });
    expect(await perfilWith('score:detalhe')).toEqual({
      data: { pessoa: { perfil: { ...perfil, endereco: null, fontesDeRenda: null, rendaMensal: null } } },
      errors: ['endereco', 'fontesDeRenda', 'rendaMensal'].map((field) => ({
        ...UNAUTHORIZED,
        path: ['pessoa', 'perfil', field],
        extensions: missingScope('cadastro:read'),
      })),
    });
    log.clear();
    expect((await perfilWith('score:read cadastro:read')).errors).toEqual(errorsAt(['pessoa', 'perfil']));
    expect(log.statements()).toEqual([]);
  });

  it('with other scopes a token reads nothing, and the refusal is the same for a CPF that Base B does not know', async () => {
    const scope = 'divida:read divida:read:completo evento:read evento:movimentacao score:extracao score';
    const [known, unknown] = [await askWithScope(scope), await askWithScope(scope, UNKNOWN)];
    expect(known.body).toEqual({
      data: { pessoa: { cpf, score: null, perfil: null } },
      errors: errorsAt(['pessoa', 'score'], ['pessoa', 'perfil']),
    });
    expect(unknown.body).toEqual({ ...known.body, data: { pessoa: { cpf: UNKNOWN, score: null, perfil: null } } });
    expect(log.statements()).toEqual([]);
  });

  it('a holder’s token reads the holder’s own data and no other person, known or not', async () => {
    expect((await ask(await score.token({ cpf }))).body).toMatchObject({ data: { pessoa: { perfil: { idade: 36 } } } });
    log.clear();
    const token = await score.token({ cpf: await score.newTitular() });
    const [known, unknown] = [await ask(token), await ask(token, UNKNOWN)];
    expect(known.body).toEqual({
      data: { pessoa: { cpf, score: null, perfil: null } },
      errors: errorsAt(['pessoa', 'score'], ['pessoa', 'perfil']).map((error) => ({ ...error, extensions: NOT_THE_HOLDER })), // prettier-ignore
    });
    expect(unknown.body).toEqual({ ...known.body, data: { pessoa: { cpf: UNKNOWN, score: null, perfil: null } } });
    expect(log.statements()).toEqual([]);
  });

  it('_entities guards the same fields', async () => {
    const entity = async (scope: string) =>
      (
        await score.ask(
          'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pessoa { cpf perfil { idade } } } }',
          {
            variables: { r: [{ __typename: 'Pessoa', cpf }] },
            token: await score.token({ scope }),
          },
        )
      ).body;
    expect(await entity('score:detalhe')).toEqual({ data: { _entities: [{ cpf, perfil: { idade: 36 } }] } });
    expect(await entity('score:read')).toEqual({
      data: { _entities: [{ cpf, perfil: null }] },
      errors: errorsAt(['_entities', 0, 'perfil']),
    });
  });

  it('introspection needs a token and no scope', async () => {
    const { body } = await score.ask(getIntrospectionQuery(), { token: await score.token({ scope: '' }) });
    expect(body.errors).toBe(undefined);
    expect(JSON.stringify(body.data)).toContain('PerfilFinanceiro');
  });
});
