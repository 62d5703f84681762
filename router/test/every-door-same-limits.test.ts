import { ApolloServer } from '@apollo/server';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { documentLimitOptions, fetchLimits } from '@pessoa/service/graphql/document-limits';
import fc from 'fast-check';
import { ANA, BIA } from './graph/people.ts';
import { type RouterUnderTest, startRouter } from './graph/router-under-test.ts';
import { startSubgraph, subgraphSchema, type TestSubgraph } from './graph/subgraphs.ts';
import { composeSupergraph } from './graph/supergraph.ts';

const supergraphSdl = composeSupergraph();

const repeat = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');
const TIPOS = 'PIX TED BOLETO SAQUE CARTAO DEPOSITO OUTROS ';
const wide = 'nome situacaoCadastral endereco { logradouro cidade uf cep } dividas(first: 1) { totalCount nodes { id credor { nome cnpj } contrato modalidade natureza valorOriginal } edges { node { id } } } resumoDividas { quantidade valorTotal } score { valor faixa motivos { codigo descricao } } perfil { idade bens { id tipo } endereco { cidade } } eventos { ultimaConsulta { id consulente } movimentacaoFinanceira { nodes { id valor instituicao { nome } } edges { node { id } } totalCount } ultimaCompraCartao { id valor emissor { nome } } }'; // prettier-ignore

/** Documents just below a limit of the router. */
const largest: [string, string][] = [
  ['every field of every person, by five roots', `{ a: pessoa(cpf: "${ANA}") { ...P } b: pessoas(cpfs: ["${ANA}", "${BIA}"]) { ...P } c: pessoa(cpf: "${BIA}") { ...P } d: pessoas(cpfs: ["${BIA}"]) { ...P } e: pessoa(cpf: "${ANA}") { ...P } } fragment P on Pessoa { ${wide} }`], // prettier-ignore
  ['a list of 900 values in a fragment, spread under fifteen aliases', `{ ${repeat(5, (n) => `r${n}: pessoa(cpf: "${ANA}") { e: eventos { ...E } eventos { ...E } f: eventos { ...E } }`)} } fragment E on Eventos { movimentacaoFinanceira(filtro: { tipos: [${TIPOS.repeat(115)}] }) { totalCount } }`], // prettier-ignore
  ['a string of 90,000 characters in a fragment, spread under fifteen aliases', `{ ${repeat(5, (n) => `r${n}: pessoa(cpf: "${ANA}") { e: eventos { ...E } eventos { ...E } f: eventos { ...E } }`)} } fragment E on Eventos { movimentacaoFinanceira(filtro: { texto: "${'x'.repeat(90_000)}" }) { totalCount } }`], // prettier-ignore
  ['ten levels', `{ pessoa(cpf: "${ANA}") { ${'... @include(if: true) { '.repeat(7)} nome score { valor } ${'} '.repeat(7)} } }`], // prettier-ignore
  ['twenty directives', `query ($s: Boolean = true) { ${repeat(5, (n) => `r${n}: pessoa(cpf: "${ANA}") { nome @include(if: $s) ... @skip(if: $s) { score { valor } } eventos @include(if: $s) { ultimaConsulta { id } } dividas @include(if: $s) { totalCount } }`)} }`], // prettier-ignore
  ['nested fragments', `{ pessoa(cpf: "${ANA}") { ...F0 } } ${repeat(2, (n) => `fragment F${n} on Pessoa { ...F${n + 1} ...F${n + 1} nome }`)} fragment F2 on Pessoa { score { valor } }`], // prettier-ignore
  ['990 tokens of one field', `{ pessoa(cpf: "${ANA}") { dividas(filtro: { situacoes: [${'QUITADA '.repeat(960)}] }) { totalCount } } }`], // prettier-ignore
];

describe('A subgraph accepts each fetch that the router makes from an accepted document', () => {
  let subgraphs: Record<Service, TestSubgraph>;
  let servers: Record<Service, ApolloServer>;
  let router: RouterUnderTest;
  beforeAll(async () => {
    const started = await Promise.all(serviceNames.map((name) => startSubgraph(name)));
    subgraphs = Object.fromEntries(serviceNames.map((name, n) => [name, started[n]!])) as typeof subgraphs;
    servers = Object.fromEntries(
      serviceNames.map((name) => [
        name,
        new ApolloServer({ schema: subgraphSchema(name), ...documentLimitOptions(fetchLimits) }),
      ]),
    ) as typeof servers;
    const urls = Object.fromEntries(serviceNames.map((name) => [name, subgraphs[name].url]));
    router = await startRouter(supergraphSdl, urls as Record<Service, string>);
  });
  afterAll(async () => {
    await router.close();
    await Promise.all([...Object.values(servers).map((server) => server.stop()), ...Object.values(subgraphs).map((subgraph) => subgraph.close())]); // prettier-ignore
  });

  /** Counts the fetches that the router makes from a document. Undefined if the router refuses it. */
  async function countFetches(query: string): Promise<number | undefined> {
    for (const { calls } of Object.values(subgraphs)) calls.splice(0);
    const { status } = await router.ask(query);
    if (status !== 200) return undefined;
    let fetches = 0;
    for (const name of serviceNames) {
      for (const { query: fetchQuery, variables } of subgraphs[name].calls) {
        fetches++;
        expect(fetchQuery.length).toBeLessThan(2 * 1024 * 1024 - 200_000); // leaves room for variables in the body
        const { body } = await servers[name].executeOperation({ query: fetchQuery, variables });
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        const queryStart = fetchQuery.slice(0, 500);
        expect({ queryStart, errors }).toEqual({ queryStart, errors: [] });
      }
    }
    return fetches;
  }

  it.each(largest)('%s', async (_, query) => {
    expect(query.length).toBeLessThan(100 * 1024);
    expect(await countFetches(query)).toBeGreaterThan(0);
  });

  const piece = fc.constantFrom(
    'nome',
    'score { valor motivos { codigo } }',
    'dividas(first: 2) { nodes { id credor { nome } } }',
    'eventos { ultimaConsulta { id } movimentacaoFinanceira { nodes { valor } } }',
    'perfil { bens { id } endereco { cidade } }',
    '... on Pessoa { resumoDividas { quantidade } score { faixa } }',
    'x: score @include(if: $s) { valor }',
    '... @skip(if: $s) { endereco { uf } y: nome }',
    '...G',
  );
  it('a generated document', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(piece, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (roots, fragment, isList) => {
          const field = isList ? `pessoas(cpfs: ["${ANA}", "${BIA}"])` : `pessoa(cpf: "${ANA}")`;
          const fields = roots.map((pieces, n) => `r${n}: ${field} { ${pieces.join(' ')} cpf ...H }`);
          const inner = fragment.filter((selection) => selection !== '...G').join(' ');
          const query = `query Nome($s: Boolean! = true) { ${fields.join(' ')} a: pessoa(cpf: "${ANA}") { ...G nome @include(if: $s) } } fragment G on Pessoa { ${inner} nome } fragment H on Pessoa { ...G ...G }`;
          if ((await countFetches(query)) !== undefined) accepted++;
        },
      ),
      { numRuns: 60 },
    );
    expect(accepted).toBeGreaterThan(15);
  });

  it('without the name of the client’s operation', async () => {
    await countFetches(`query MeuNome { pessoa(cpf: "${ANA}") { nome score { valor } } }`);
    for (const { calls } of Object.values(subgraphs))
      expect(calls.map(({ query }) => query).join()).not.toContain('MeuNome');
  });
});
