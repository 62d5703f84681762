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

/** What is as large as the router lets it be. */
const largest: [string, string][] = [
  ['all of everybody, by five roots', `{ a: pessoa(cpf: "${ANA}") { ...P } b: pessoas(cpfs: ["${ANA}", "${BIA}"]) { ...P } c: pessoa(cpf: "${BIA}") { ...P } d: pessoas(cpfs: ["${BIA}"]) { ...P } e: pessoa(cpf: "${ANA}") { ...P } } fragment P on Pessoa { ${wide} }`], // prettier-ignore
  ['a list of 900 values in a fragment, spread under fifteen aliases', `{ ${repeat(5, (n) => `r${n}: pessoa(cpf: "${ANA}") { e: eventos { ...E } eventos { ...E } f: eventos { ...E } }`)} } fragment E on Eventos { movimentacaoFinanceira(filtro: { tipos: [${TIPOS.repeat(115)}] }) { totalCount } }`], // prettier-ignore
  ['a text of 90,000 characters in a fragment, spread under fifteen aliases', `{ ${repeat(5, (n) => `r${n}: pessoa(cpf: "${ANA}") { e: eventos { ...E } eventos { ...E } f: eventos { ...E } }`)} } fragment E on Eventos { movimentacaoFinanceira(filtro: { texto: "${'x'.repeat(90_000)}" }) { totalCount } }`], // prettier-ignore
  ['ten levels', `{ pessoa(cpf: "${ANA}") { ${'... @include(if: true) { '.repeat(7)} nome score { valor } ${'} '.repeat(7)} } }`], // prettier-ignore
  ['twenty directives', `query ($s: Boolean = true) { ${repeat(5, (n) => `r${n}: pessoa(cpf: "${ANA}") { nome @include(if: $s) ... @skip(if: $s) { score { valor } } eventos @include(if: $s) { ultimaConsulta { id } } dividas @include(if: $s) { totalCount } }`)} }`], // prettier-ignore
  ['two fragments one in another', `{ pessoa(cpf: "${ANA}") { ...F0 } } ${repeat(2, (n) => `fragment F${n} on Pessoa { ...F${n + 1} ...F${n + 1} nome }`)} fragment F2 on Pessoa { score { valor } }`], // prettier-ignore
  ['990 tokens of one field', `{ pessoa(cpf: "${ANA}") { dividas(filtro: { situacoes: [${'QUITADA '.repeat(960)}] }) { totalCount } } }`], // prettier-ignore
];

describe('A subgraph lets through whatever the router makes of a document that it accepts', () => {
  let subgraphs: Record<Service, TestSubgraph>;
  let doors: Record<Service, ApolloServer>;
  let router: RouterUnderTest;
  beforeAll(async () => {
    const started = await Promise.all(serviceNames.map((name) => startSubgraph(name)));
    subgraphs = Object.fromEntries(serviceNames.map((name, n) => [name, started[n]!])) as typeof subgraphs;
    doors = Object.fromEntries(
      serviceNames.map((name) => [
        name,
        new ApolloServer({ schema: subgraphSchema(name), ...documentLimitOptions(fetchLimits) }),
      ]),
    ) as typeof doors;
    const urls = Object.fromEntries(serviceNames.map((name) => [name, subgraphs[name].url]));
    router = await startRouter(supergraphSdl, urls as Record<Service, string>);
  });
  afterAll(async () => {
    await router.close();
    await Promise.all([...Object.values(doors).map((door) => door.stop()), ...Object.values(subgraphs).map((one) => one.close())]); // prettier-ignore
  });

  /** @returns how many fetches the router made of it; undefined for a document that it refuses */
  async function fetchesOf(query: string): Promise<number | undefined> {
    for (const { calls } of Object.values(subgraphs)) calls.splice(0);
    const { status } = await router.ask(query);
    if (status !== 200) return undefined;
    let fetches = 0;
    for (const name of serviceNames) {
      for (const { query: text, variables } of subgraphs[name].calls) {
        fetches++;
        expect(text.length).toBeLessThan(2 * 1024 * 1024 - 200_000); // the rest of the body is variables
        const { body } = await doors[name].executeOperation({ query: text, variables });
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        expect({ text: text.slice(0, 500), errors }).toEqual({ text: text.slice(0, 500), errors: [] });
      }
    }
    return fetches;
  }

  it.each(largest)('%s', async (_, query) => {
    expect(query.length).toBeLessThan(100 * 1024);
    expect(await fetchesOf(query)).toBeGreaterThan(0);
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
  it('and of generated ones', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(piece, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (roots, fragment, isList) => {
          const field = isList ? `pessoas(cpfs: ["${ANA}", "${BIA}"])` : `pessoa(cpf: "${ANA}")`;
          const texts = roots.map((pieces, n) => `r${n}: ${field} { ${pieces.join(' ')} cpf ...H }`);
          const inner = fragment.filter((one) => one !== '...G').join(' ');
          const query = `query Nome($s: Boolean! = true) { ${texts.join(' ')} a: pessoa(cpf: "${ANA}") { ...G nome @include(if: $s) } } fragment G on Pessoa { ${inner} nome } fragment H on Pessoa { ...G ...G }`;
          if ((await fetchesOf(query)) !== undefined) accepted++;
        },
      ),
      { numRuns: 60 },
    );
    expect(accepted).toBeGreaterThan(15);
  });

  it('asks without the name that the client gave the operation', async () => {
    await fetchesOf(`query MeuNome { pessoa(cpf: "${ANA}") { nome score { valor } } }`);
    for (const { calls } of Object.values(subgraphs))
      expect(calls.map(({ query }) => query).join()).not.toContain('MeuNome');
  });
});
