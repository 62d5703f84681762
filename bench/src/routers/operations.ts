import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';

/** An operation that every router under measurement answers. */
export interface BenchOperation {
  readonly title: string;
  readonly query: string;
  readonly variables: (cpfs: readonly string[]) => Record<string, unknown>;
  readonly connections: readonly number[];
  /** Requests of one round. */
  readonly requests: number;
}

/** The people of whom a token needs the consent. */
export const CONSENTS = 10;

const onePerson = ([cpf]: readonly string[]): Record<string, unknown> => ({ cpf });
const people =
  (count: number) =>
  (cpfs: readonly string[]): Record<string, unknown> => ({ cpfs: cpfs.slice(0, count) });

const PERSON = `{
    nome
    dividas(first: 5) { nodes { credor { nome } valorOriginal } }
    score { valor faixa motivos { descricao } }
    eventos { ultimaConsulta { dataHora } }
  }`;
export const PEOPLE = `query Pessoas($cpfs: [CPF!]!) {
  pessoas(cpfs: $cpfs) ${PERSON}
}`;
const ALIASES = ['a', 'b', 'c', 'd', 'e'];
const BY_ALIAS = `query Cinco(${ALIASES.map((name) => `$${name}: CPF!`).join(', ')}) {
  ${ALIASES.map((name) => `${name}: pessoa(cpf: $${name}) ${PERSON}`).join('\n  ')}
}`;
const SCORE = `query Score($cpf: CPF!) {
  pessoa(cpf: $cpf) { score { valor faixa motivos { descricao } } }
}`;
const POSTINGS = 'eventos { movimentacaoFinanceira(first: 100) { nodes { id dataHora natureza tipo valor } } }';
const POSTINGS_OF_ONE = `query Movimentacoes($cpf: CPF!) {
  pessoa(cpf: $cpf) { ${POSTINGS} }
}`;
const POSTINGS_OF_PEOPLE = `query Movimentacoes($cpfs: [CPF!]!) {
  pessoas(cpfs: $cpfs) { ${POSTINGS} }
}`;

/** A round costs the fastest router at least 200 ms of CPU, 20 steps of the clock. */
export const OPERATIONS: readonly BenchOperation[] = [
  { title: 'main query', query: EXAMPLE_QUERY, variables: onePerson, connections: [1, 16, 64], requests: 2_000 },
  { title: 'one subgraph', query: SCORE, variables: onePerson, connections: [16], requests: 3_000 },
  {
    title: '5 people by alias',
    query: BY_ALIAS,
    variables: (cpfs) => Object.fromEntries(ALIASES.map((name, index) => [name, cpfs[index]])),
    connections: [16],
    requests: 1_500,
  },
  { title: '10 people', query: PEOPLE, variables: people(10), connections: [16], requests: 1_500 },
  { title: '100 people', query: PEOPLE, variables: people(100), connections: [16], requests: 400 },
  { title: 'postings of a person', query: POSTINGS_OF_ONE, variables: onePerson, connections: [16], requests: 3_000 },
  {
    title: 'postings of 10 people',
    query: POSTINGS_OF_PEOPLE,
    variables: people(10),
    connections: [16],
    requests: 1_000,
  },
];

/** Those that also run while the subgraphs are slow. */
export const OPERATIONS_WITH_LATENCY: readonly BenchOperation[] = [
  { title: 'main query', query: EXAMPLE_QUERY, variables: onePerson, connections: [64], requests: 3_000 },
];
