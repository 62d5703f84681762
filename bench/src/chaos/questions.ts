import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import type { AskedRequest } from '../steady-load.ts';
import { EVERYTHING, routes } from './permitted-losses.ts';

/** A request about a person, or about a list that begins with this person. */
interface Question {
  /** Its name in the losses. */
  readonly whole: string;
  readonly requestOf: (cpfs: readonly string[]) => AskedRequest;
}

const graph = (query: string, variables: object): AskedRequest => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});
const route = (whole: string): Question => ({
  whole,
  requestOf: ([cpf]) => ({ method: 'GET', path: whole.replace('GET ', '').replace('{cpf}', cpf!) }),
});

export const LIST_LENGTH = 5;

const PEOPLE = `query Pessoas($cpfs: [CPF!]!) {
  pessoas(cpfs: $cpfs) {
    nome
    dividas(first: 5) { nodes { credor { nome } valorOriginal } }
    score { valor faixa motivos { descricao } }
    eventos { ultimaConsulta { dataHora } movimentacaoFinanceira(first: 5) { nodes { id valor } } }
  }
}`;

export const questions = {
  main: { whole: EVERYTHING, requestOf: ([cpf]) => graph(EXAMPLE_QUERY, { cpf }) },
  list: { whole: EVERYTHING, requestOf: (cpfs) => graph(PEOPLE, { cpfs: cpfs.slice(0, LIST_LENGTH) }) },
  divida: route(routes.divida),
  score: route(routes.score),
  movimentacao: route(routes.movimentacao),
} as const satisfies Readonly<Record<string, Question>>;

export type QuestionName = keyof typeof questions;
export const questionNames = Object.keys(questions) as readonly QuestionName[];

/** Of ten requests of the load. */
const MIX: readonly QuestionName[] = [
  ...['main', 'divida', 'main', 'movimentacao', 'main'],
  ...['list', 'main', 'score', 'main', 'movimentacao'],
] as QuestionName[];

/** The question of a request of the load, and the place of its person among all: each person gets each question in time. */
export function questionOf(number: number, people: number): { readonly name: QuestionName; readonly person: number } {
  return { name: MIX[number % MIX.length]!, person: (number + Math.floor(number / people)) % people };
}
