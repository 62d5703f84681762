import { ana, dividas, movimentacoes } from './people.ts';
import { ANA, BIA, get, UNKNOWN_PERSON } from './rest-graph.ts';

const perfil = ({ idade, endereco, bens, fontesDeRenda }: typeof ana.perfil) => ({
  idade,
  endereco,
  bens,
  fontesDeRenda,
});

const fullAnswers = {
  [`/divida/${ANA}`]: {
    cpf: ANA,
    nome: ana.nome,
    endereco: ana.endereco,
    dividas: dividas,
    resumo: ana.resumo,
  },
  [`/score/${ANA}`]: { cpf: ANA, score: ana.score, ...perfil(ana.perfil) },
  [`/evento/${ANA}`]: {
    cpf: ANA,
    ultimaConsulta: ana.ultimaConsulta,
    movimentacaoFinanceira: movimentacoes,
    ultimaCompraCartao: ana.ultimaCompraCartao,
  },
  [`/evento/movtofinanceiro/${ANA}`]: { cpf: ANA, movimentacaoFinanceira: movimentacoes },
  [`/evento/ultcompracartao/${ANA}`]: { cpf: ANA, ultimaCompraCartao: ana.ultimaCompraCartao },
};

const emptyAnswers = {
  [`/divida/${BIA}`]: {
    cpf: BIA,
    nome: null,
    endereco: null,
    dividas: [],
    resumo: { ...ana.resumo, quantidade: 0 },
  },
  [`/score/${BIA}`]: { cpf: BIA, score: ana.score, idade: null, endereco: null, bens: [], fontesDeRenda: [] },
  [`/evento/${BIA}`]: { cpf: BIA, ultimaConsulta: null, movimentacaoFinanceira: [], ultimaCompraCartao: null },
  [`/evento/movtofinanceiro/${BIA}`]: { cpf: BIA, movimentacaoFinanceira: [] },
  [`/evento/ultcompracartao/${BIA}`]: { cpf: BIA, ultimaCompraCartao: null },
};

describe('A route answers', () => {
  it.each(Object.entries(fullAnswers))('with everything that the base has: %s', async (url, body) => {
    expect(await get(url)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      body,
    });
  });

  it.each(Object.entries(emptyAnswers))(
    'with empty lists and null for a known CPF without data: %s',
    async (url, body) => {
      expect(await get(url)).toMatchObject({ status: 200, body });
    },
  );

  it.each(Object.keys(fullAnswers))('with 404 for a CPF that the base does not know: %s', async (url) => {
    const answer = await get(url.replace(ANA, UNKNOWN_PERSON));
    expect(answer).toEqual({
      status: 404,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: {
        type: '/erros/NAO_ENCONTRADO',
        title: 'This base does not know the CPF.',
        status: 404,
        code: 'NAO_ENCONTRADO',
        detail: 'This base does not know the CPF.',
      },
    });
  });

  it.each(Object.entries(fullAnswers))('in the same way for a CPF with punctuation: %s', async (url, body) => {
    expect(await get(url.replace(ANA, '529%2E982.247%2D25'))).toMatchObject({ status: 200, body });
  });

  it('with x-desatualizado when a part is stale', async () => {
    const execute = () =>
      Promise.resolve({
        data: {
          pessoa: { cpf: ANA, score: ana.score, perfil: { ...ana.perfil, desatualizado: true } },
        },
      });
    expect(await get(`/score/${ANA}`, { execute })).toMatchObject({
      status: 200,
      headers: { 'x-desatualizado': 'true' },
    });
  });
});
