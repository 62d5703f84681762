import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { getIntrospectionQuery } from 'graphql';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const UNAUTHORIZED = {
  message: 'Your token does not give access to this.',
};
const ofScope = (scope: string) => ({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO', escopos: [scope] });
const NOT_THE_HOLDER = { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'TITULAR' };
const PERSON =
  'query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf score { valor pontosBase fatores { codigo } } perfil { idade } } }';

describe('Who may ask Score', () => {
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

  const ask = (token: string | null, of: Cpf = cpf) => score.ask(PERSON, { variables: { cpf: of }, token });
  const withScope = async (scope: string, of: Cpf = cpf) => ask(await score.token({ scope }), of);
  /** The note needs one scope, everything else another. */
  const errorsAt = (...paths: (string | number)[][]) =>
    paths.map((path) => ({ ...UNAUTHORIZED, path, extensions: ofScope(path.at(-1) === 'score' ? 'score:read' : 'score:detalhe') })); // prettier-ignore

  it.each([
    ['one person', `{ pessoa(cpf: "${UNKNOWN}") { score { valor } } }`],
    [
      'an entity',
      `{ _entities(representations: [{ __typename: "Pessoa", cpf: "${UNKNOWN}" }]) { ... on Pessoa { score { valor } } } }`,
    ],
    ['the service’s SDL', '{ _service { sdl } }'],
    ['introspection', getIntrospectionQuery()],
  ])('without a token gets 401 and nothing for %s', async (_, query) => {
    for (const token of [null, await score.token({ ttlSeconds: -60 }), await score.token({ audience: 'outra-api' })]) {
      const { status, headers, body } = await score.ask(query, { token });
      expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
      expect(body).toEqual({
        errors: [{ message: 'A valid bearer token is required.', extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
    expect(log.statements()).toEqual([]);
  });

  it('without a purpose gets 403 and nothing', async () => {
    const { status, body } = await ask(await score.token({ finalidade: null }));
    expect([status, body.errors?.map(({ extensions }) => extensions?.code), body.data]).toEqual([
      403,
      ['FINALIDADE_AUSENTE'],
      undefined,
    ]);
    expect(log.statements()).toEqual([]);
  });

  it('with score:read gets the note and its reasons, not how it came about nor the data behind it', async () => {
    const { status, body } = await withScope('score:read');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { pessoa: { cpf, score: { valor: expect.any(Number), pontosBase: null, fatores: null }, perfil: null } },
      errors: expect.arrayContaining(
        errorsAt(['pessoa', 'score', 'pontosBase'], ['pessoa', 'score', 'fatores'], ['pessoa', 'perfil']),
      ),
    });
    expect(body.errors).toHaveLength(3);
  });

  it('with score:detalhe alone gets the data, not the note', async () => {
    const { body } = await withScope('score:detalhe');
    expect(body).toEqual({
      data: { pessoa: { cpf, score: null, perfil: { idade: 36 } } },
      errors: errorsAt(['pessoa', 'score']),
    });
  });

  it('with both gets all', async () => {
    const { body } = await withScope('score:read score:detalhe');
    expect(body).toMatchObject({
      data: { pessoa: { score: { pontosBase: 530, fatores: { length: 6 } }, perfil: { idade: 36 } } },
    });
    expect(body.errors).toBe(undefined);
  });

  it('with every other scope learns nothing, the same whether the CPF exists or not', async () => {
    const scope = 'divida:read divida:read:completo evento:read evento:movimentacao score:extracao score';
    const [known, unknown] = [await withScope(scope), await withScope(scope, UNKNOWN)];
    expect(known.body).toEqual({
      data: { pessoa: { cpf, score: null, perfil: null } },
      errors: errorsAt(['pessoa', 'score'], ['pessoa', 'perfil']),
    });
    expect(unknown.body).toEqual({ ...known.body, data: { pessoa: { cpf: UNKNOWN, score: null, perfil: null } } });
    expect(log.statements()).toEqual([]);
  });

  it('as the holder gets their own, and of anybody else nothing, whether they exist or not', async () => {
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

  it('gets an entity by the door of federation with the same rights and no more', async () => {
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

  it('may introspect with any token', async () => {
    const { body } = await score.ask(getIntrospectionQuery(), { token: await score.token({ scope: '' }) });
    expect(body.errors).toBe(undefined);
    expect(JSON.stringify(body.data)).toContain('PerfilFinanceiro');
  });
});
