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

  it('gives the score and the profile, with the same values as GraphQL', async () => {
    const { status, headers, body } = await score.get(`/score/${cpf}`);
    expect({
      status,
      contentType: headers.get('content-type'),
      cacheControl: headers.get('cache-control'),
      isMarkedStale: headers.has('x-desatualizado'),
    }).toEqual({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      cacheControl: 'no-store',
      isMarkedStale: false,
    });
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

  it('gives nulls and empty lists for a person without data, and 404 for a CPF that Base B does not know', async () => {
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
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
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

  it.each(['score:read', 'score:detalhe', 'divida:read', 'cadastro:read', 'score:read score:detalhe'])(
    'is 403 with %s alone: REST gives no partial answer',
    async (scope) => {
      const token = await score.token({ scope });
      const { status, body } = await score.get(`/score/${cpf}`, { token });
      expect({ status, body }).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
    },
  );

  it('is the same 403 for the token of another holder, whether Base B knows the CPF or not', async () => {
    const token = await score.token({ cpf: await score.newTitular() });
    const [answerForKnown, answerForUnknown] = [
      await score.get(`/score/${cpf}`, { token }),
      await score.get(`/score/${UNKNOWN}`, { token }),
    ];
    expect(answerForKnown).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
    expect({ status: answerForUnknown.status, body: answerForUnknown.body }).toEqual({
      status: answerForKnown.status,
      body: answerForKnown.body,
    });
  });
});
