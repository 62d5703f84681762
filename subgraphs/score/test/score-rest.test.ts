import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');

describe('GET /score/{cpf} on Score itself', () => {
  let score: ScoreUnderTest;
  let cpf: Cpf;

  beforeAll(async () => {
    score = await openScore();
    cpf = await score.newTitular({ ...EXEMPLO, endereco: { uf: 'SP', atualizado_em: '2026-01-01T12:00:00Z' } });
  });
  afterAll(() => score.close());

  it('is the note and the data behind it, the same as GraphQL gives', async () => {
    const { status, headers, body } = await score.get(`/score/${cpf}`);
    expect([status, headers.get('content-type'), headers.get('cache-control'), headers.has('x-desatualizado')]).toEqual(
      [200, 'application/json; charset=utf-8', 'no-store', false],
    );
    const graphql = await score.ask(
      `{ pessoa(cpf: "${cpf}") {
        score { valor faixa probabilidadeInadimplencia modelo calculadoEm pontosBase desatualizado dadosAusentes
          fatores { codigo nome faixaDoValor pontos pontosMaximos } motivos { codigo descricao pontosPerdidos } }
        perfil { idade endereco { logradouro numero complemento bairro cidade uf cep codigoIbge atualizadoEm }
          bens { id tipo descricao valorEstimado dataAvaliacao onerado saldoDevedor percentualPropriedade uf }
          fontesDeRenda { id tipo pagador cnpjPagador ocupacao valor periodicidade desde comprovada } } } }`,
    );
    const { pessoa } = graphql.body.data as unknown as { pessoa: { score: object; perfil: object } };
    expect(body).toEqual({ cpf, score: pessoa.score, ...pessoa.perfil });
    expect(Object.keys(body)).toEqual(['cpf', 'score', 'idade', 'endereco', 'bens', 'fontesDeRenda']);
  });

  it('is nulls and empty lists for someone of whom Base B has nothing, and 404 for someone it does not know', async () => {
    const empty = await score.newTitular();
    expect(await score.get(`/score/${empty}`)).toMatchObject({
      status: 200,
      body: { cpf: empty, score: { valor: 188 }, idade: null, endereco: null, bens: [], fontesDeRenda: [] },
    });
    expect(await score.get(`/score/${UNKNOWN}`)).toMatchObject({ status: 404, body: { code: 'NAO_ENCONTRADO' } });
  });

  it('takes the CPF with its punctuation', async () => {
    const formatted = cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    expect(await score.get(`/score/${formatted}`)).toMatchObject({ status: 200, body: { cpf } });
  });

  it.each([
    ['/score/52998224724', 'CPF_INVALIDO'],
    ['/score/11111111111', 'CPF_INVALIDO'],
    [`/score/${UNKNOWN}?limite=5`, 'BAD_USER_INPUT'],
  ])('refuses %s with %s', async (path, code) => {
    const { status, headers, body } = await score.get(path);
    expect([status, headers.get('content-type')]).toEqual([400, expect.stringContaining('application/problem+json')]);
    expect(body).toMatchObject({ code });
  });

  it('is 401 without a token, and 403 without a purpose', async () => {
    expect(await score.get(`/score/${cpf}`, { token: null })).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
    expect(await score.get(`/score/${cpf}`, { token: await score.token({ finalidade: null }) })).toMatchObject({
      status: 403,
      body: { code: 'FINALIDADE_AUSENTE' },
    });
  });

  it.each(['score:read', 'score:detalhe', 'divida:read'])(
    'is 403 whole with %s alone: there is no part of an answer',
    async (scope) => {
      const token = await score.token({ scope });
      const { status, body } = await score.get(`/score/${cpf}`, { token });
      expect([status, body]).toMatchObject([403, { code: 'UNAUTHORIZED_FIELD_OR_TYPE' }]);
    },
  );

  it('is the same 403 for somebody else’s token, whether the CPF exists or not', async () => {
    const token = await score.token({ cpf: await score.newTitular() });
    const [known, unknown] = [
      await score.get(`/score/${cpf}`, { token }),
      await score.get(`/score/${UNKNOWN}`, { token }),
    ];
    expect(known).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
  });
});
