import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';

/** An operation that every router under measurement answers. */
export interface BenchOperation {
  readonly title: string;
  readonly query: string;
  /** The number of people that it asks for. */
  readonly people: number;
  readonly connections: readonly number[];
  /** Requests of one round. */
  readonly requests: number;
}

/** The people of whom a token needs the consent. */
export const CONSENTS = 10;

/** The variables of an operation. */
export const variablesOf = ({ query, people }: BenchOperation, cpfs: readonly string[]): Record<string, unknown> =>
  query.includes('$cpfs') ? { cpfs: cpfs.slice(0, people) } : { cpf: cpfs[0] };

const PEOPLE = `query Pessoas($cpfs: [CPF!]!) {
  pessoas(cpfs: $cpfs) {
    nome
    dividas(first: 5) { nodes { credor { nome } valorOriginal } }
    score { valor faixa motivos { descricao } }
    eventos { ultimaConsulta { dataHora } }
  }
}`;
const POSTINGS = `query Movimentacoes($cpfs: [CPF!]!) {
  pessoas(cpfs: $cpfs) {
    eventos { movimentacaoFinanceira(first: 100) { nodes { id dataHora natureza tipo valor } } }
  }
}`;

export const OPERATIONS: readonly BenchOperation[] = [
  { title: 'main query', query: EXAMPLE_QUERY, people: 1, connections: [1, 16, 64], requests: 1_000 },
  { title: '10 people', query: PEOPLE, people: 10, connections: [16], requests: 300 },
  { title: '100 people', query: PEOPLE, people: 100, connections: [16], requests: 60 },
  { title: 'postings of 10 people', query: POSTINGS, people: 10, connections: [16], requests: 200 },
];
