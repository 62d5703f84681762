import type { JsonObject } from './json.ts';

/** An answer of the service to somebody of the people to try. */
export interface RecordedAnswer {
  /** The CPF in an answer of 200; else the code, with the reason where one code has several. */
  readonly name: string;
  /** Whose situation it shows, or what was wrong. */
  readonly summary: string;
  /** The path of the route in an answer of 200; a refusal is the same on all of them. */
  readonly route?: string;
  readonly status: number;
  readonly body: JsonObject;
}

/** schema/examples.json: `npm run openapi:record` writes it, e2e/test/openapi-examples compares it with the service. */
export interface Examples {
  readonly people: readonly { readonly cpf: string; readonly situacao: string }[];
  readonly answers: readonly RecordedAnswer[];
}

/** The examples of a route's 200, by CPF. */
export const answersOf = (path: string, { answers }: Examples): JsonObject =>
  Object.fromEntries(
    answers.filter(({ route }) => route === path).map(({ name, summary, body }) => [name, { summary, value: body }]),
  );

export const peopleExamples = ({ people }: Examples): JsonObject =>
  Object.fromEntries(people.map(({ cpf, situacao }) => [cpf, { summary: situacao, value: cpf }]));
