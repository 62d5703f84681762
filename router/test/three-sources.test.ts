import { type Service, serviceNames } from '@pessoa/domain/services';
import { ANA, BIA, cpfNumber, punctuated } from './graph/people.ts';
import { MAIN_QUERY, MANY_QUERY } from './graph/queries.ts';
import { type RouterUnderTest, startRouter } from './graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from './graph/subgraphs.ts';
import { composeSupergraph } from './graph/supergraph.ts';

const supergraphSdl = composeSupergraph();

describe('A query over the three sources', () => {
  let subgraphs: Record<Service, TestSubgraph>;
  let router: RouterUnderTest;
  const forward = { authorization: 'Bearer x', 'x-finalidade': 'COBRANCA', 'x-fapi-interaction-id': 'i-1' };

  beforeAll(async () => {
    const [debt, score, event] = await Promise.all(serviceNames.map((name) => startSubgraph(name)));
    subgraphs = { debt, score, event } as typeof subgraphs;
    router = await startRouter(
      supergraphSdl,
      { debt: debt!.url, score: score!.url, event: event!.url },
      { context: { forwardedHeaders: forward } },
    );
  });
  afterEach(() => serviceNames.forEach((name) => subgraphs[name].calls.splice(0)));
  afterAll(async () => {
    await router.close();
    await Promise.all(serviceNames.map((name) => subgraphs[name].close()));
  });

  const callsOf = () => Object.fromEntries(serviceNames.map((name) => [name, subgraphs[name].calls.length]));

  it('makes one fetch of each source for the main query', async () => {
    const { status, data, errors } = await router.ask(MAIN_QUERY, { cpf: punctuated(ANA) });
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(data).toEqual({
      pessoa: {
        nome: `Pessoa ${ANA.slice(0, 9)}`,
        dividas: { nodes: [{ credor: { nome: 'Loja Fictícia' }, valorOriginal: '1234.56' }] },
        score: { valor: 1, faixa: 'BOM', motivos: [{ descricao: 'Renda' }] },
        eventos: {
          ultimaConsulta: { dataHora: '2026-11-01T12:00:00.000Z' },
          movimentacaoFinanceira: { nodes: [{ valor: '100.00' }] },
          ultimaCompraCartao: { valor: '9.99' },
        },
      },
    });
    expect(callsOf()).toEqual({ debt: 1, score: 1, event: 1 });
  });

  it('makes one fetch of each source for 100 people, and keeps their order and repeats', async () => {
    const cpfs = [...Array.from({ length: 98 }, (_, n) => cpfNumber(98 - n)), cpfNumber(7), cpfNumber(7)];
    const { data, errors } = await router.ask(MANY_QUERY, { cpfs });
    expect(errors).toEqual([]);
    const { pessoas } = data as { pessoas: { nome: string; score: { valor: number } }[] };
    expect(pessoas.map(({ nome }) => nome)).toEqual(cpfs.map((cpf) => `Pessoa ${cpf.slice(0, 9)}`));
    expect(pessoas.map(({ score }) => score.valor)).toEqual(cpfs.map((cpf) => Number(cpf.slice(6, 9))));
    expect(callsOf()).toEqual({ debt: 1, score: 1, event: 1 });
  });

  it('calls only the sources of the requested fields', async () => {
    await router.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } } }', { cpf: ANA });
    expect(callsOf()).toEqual({ debt: 0, score: 1, event: 0 });
  });

  it('calls no source for introspection', async () => {
    const { data } = await router.ask('{ __typename __type(name: "Pessoa") { name } }');
    expect(data).toEqual({ __typename: 'Query', __type: { name: 'Pessoa' } });
    expect(callsOf()).toEqual({ debt: 0, score: 0, event: 0 });
  });

  it('sends the context’s headers to a source, and no other header of the client', async () => {
    await router.post(
      { query: MAIN_QUERY, variables: { cpf: ANA } },
      { 'apollo-federation-include-trace': 'ftv1', 'x-other': 'y', cookie: 'z' },
    );
    for (const name of serviceNames) {
      const { host: _host, 'content-length': _length, ...headers } = subgraphs[name].calls[0]!.headers;
      expect(headers).toEqual({
        connection: 'keep-alive',
        'content-type': 'application/json',
        accept: 'application/json',
        ...forward,
      });
    }
  });

  it('may have aliases, fragments, literals and conditions', async () => {
    const { data, errors } = await router.ask(
      `query ($sim: Boolean!, $nao: Boolean = false) {
        a: pessoa(cpf: "${punctuated(ANA)}") { ...Nota documento: cpf dividas @include(if: $nao) { totalCount } }
        todas: pessoas(cpfs: ["${BIA}"]) { ... on Pessoa { quem: nome @skip(if: $nao) } ...Nota @include(if: $sim) }
      }
      fragment Nota on Pessoa { nota: score { valor } __typename }`,
      { sim: true },
    );
    expect({ data, errors }).toEqual({
      errors: [],
      data: {
        a: { nota: { valor: 1 }, __typename: 'Pessoa', documento: ANA },
        todas: [{ quem: `Pessoa ${BIA.slice(0, 9)}`, nota: { valor: 2 }, __typename: 'Pessoa' }],
      },
    });
  });
});

describe('The router', () => {
  it('starts without any live source', async () => {
    const deadUrls = {
      debt: 'http://127.0.0.1:1/graphql',
      score: 'http://127.0.0.1:1/graphql',
      event: 'http://127.0.0.1:1/graphql',
    };
    const router = await startRouter(supergraphSdl, deadUrls);
    const { data, errors } = await router.ask('{ __typename }');
    expect({ data, errors }).toEqual({ data: { __typename: 'Query' }, errors: [] });
    await router.close();
  });

  it('does not start if it has no transport for a subgraph', async () => {
    const renamed = supergraphSdl.replace('name: "score"', 'name: "nota"');
    await expect(
      startRouter(renamed, { debt: 'http://d.invalid', score: 'http://s.invalid', event: 'http://e.invalid' }),
    ).rejects.toThrow('without a transport: nota');
  });
});
