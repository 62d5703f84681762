import type { JsonObject } from './json.ts';

/** A recorded answer of the service about one of the people to try. */
export interface RecordedAnswer {
  /** For an answer of 200 the CPF; for a refusal the code, with the reason when the code has several. */
  readonly name: string;
  /** The situation of the person, or what was wrong with the request. */
  readonly summary: string;
  /** The path of the route. Only answers of 200 have it, because a refusal is the same on every route. */
  readonly route?: string;
  readonly status: number;
  readonly body: JsonObject;
}

/** schema/examples.json: `npm run openapi:record` writes it, e2e/test/openapi-examples compares it with the service. */
export interface Examples {
  readonly people: readonly { readonly cpf: string; readonly situacao: string }[];
  readonly answers: readonly RecordedAnswer[];
}

/** The examples of a route's answers of 200, by CPF. */
export const examplesOfRoute = (path: string, { answers }: Examples): JsonObject =>
  Object.fromEntries(
    answers.filter(({ route }) => route === path).map(({ name, summary, body }) => [name, { summary, value: body }]),
  );

/** The people to try, as examples of the parameter `cpf`. */
export const cpfExamples = ({ people }: Examples): JsonObject =>
  Object.fromEntries(people.map(({ cpf, situacao }) => [cpf, { summary: situacao, value: cpf }]));
