import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { TransportAnswer } from '../transport/exchange.ts';
import { readAnswerData, UnusableAnswerError } from './answer-data.ts';
import { isJsonObject, setOwn } from './json-object.ts';
import { type PersonReference, peopleOfRoot } from './root-people.ts';
import { type FetchShape, isFieldRequested, pathWithinFetch, type ObjectShape } from './fetch-shape.ts';
import { errorAt, type Loss, lossOf, type Path, readReportedErrors, type SubgraphError } from './subgraph-error.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What the gateway merges: the roots are objects always, and whatever is lost is in `errors` with its path. */
export interface SubgraphAnswer {
  readonly data: Record<string, unknown>;
  readonly errors?: readonly SubgraphError[];
  /** Set when the answer could not be used, or not all of it. */
  readonly lossCode?: PublicErrorCode;
}

/** Reads a subgraph's answer to one fetch; an answer that cannot be used costs every field of the fetch, and only those. */
export function readAnswer(
  shape: FetchShape,
  variables: Variables,
  answer: TransportAnswer,
  fonte: Fonte,
  cpfKeys: ReadonlyMap<string, string>,
): SubgraphAnswer {
  const body = parseBody(answer.text);
  const reported = readReportedErrors(body?.['errors'], fonte);
  try {
    const isOk = answer.status >= 200 && answer.status < 300;
    if (!isListOrAbsent(body?.['errors'])) throw new UnusableAnswerError('the errors are no list');
    const { data, invalidPaths: invalid } = readAnswerData(
      shape,
      variables,
      isOk ? body?.['data'] : undefined,
      cpfKeys,
    );
    const told = reported.flatMap(({ loss, path }) => {
      const known = path && pathWithinFetch(shape, path);
      return known ? [errorAt(known, loss)] : shape.roots.map(({ key }) => errorAt([key], loss));
    });
    const toldAt = new Set(told.length > 0 && invalid.length > 0 ? told.map(({ path }) => JSON.stringify(path)) : []);
    const errors = [
      ...told,
      ...invalid
        .filter((path) => toldAt.size === 0 || !toldAt.has(JSON.stringify(path)))
        .map((path) => errorAt(path, lossOf('FONTE_INVALIDA', fonte))),
    ];
    return {
      data,
      ...(errors.length > 0 ? { errors } : {}),
      ...(invalid.length > 0 ? { lossCode: 'FONTE_INVALIDA' } : {}),
    };
  } catch (error) {
    if (!(error instanceof UnusableAnswerError)) throw error;
    const [first] = reported;
    if (first) return createStandInAnswer(shape, variables, first.loss);
    return createStandInAnswer(
      shape,
      variables,
      lossOf(answer.status >= 500 ? 'FONTE_INDISPONIVEL' : 'FONTE_INVALIDA', fonte),
    );
  }
}

const isListOrAbsent = (errors: unknown): boolean => errors === undefined || errors === null || Array.isArray(errors);

function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What stands in for the answer of a lost source: people with the CPF that was asked for and null in every other field,
 * with an error at each. A null in place of the person would wipe out what the other sources gave.
 */
export function createStandInAnswer(shape: FetchShape, variables: Variables, loss: Loss): SubgraphAnswer {
  const data: Record<string, unknown> = {};
  const lost: Path[] = [];
  for (const root of shape.roots.filter((one) => isFieldRequested(one, undefined, variables))) {
    const asked = peopleOfRoot(root, variables);
    const person = (one: PersonReference, path: Path) =>
      standIn(asked?.shape as ObjectShape, one, variables, path, lost);
    if (asked?.isList)
      setOwn(data, root.key, asked.people.map((one, index) => person(one, [root.key, index]))); // prettier-ignore
    else if (asked) setOwn(data, root.key, person(asked.people[0] as PersonReference, [root.key]));
    else {
      setOwn(data, root.key, null);
      lost.push([root.key]);
    }
  }
  // Where only the CPF was asked for nothing is lost with a source; what it refused, it refused.
  const isRefusal = lost.length === 0 && !loss.code.startsWith('FONTE_');
  const errors = (isRefusal ? Object.keys(data).map((key) => [key]) : lost).map((path) => errorAt(path, loss));
  return { data, lossCode: loss.code, ...(errors.length > 0 ? { errors } : {}) };
}

function standIn(
  { fields }: ObjectShape,
  { cpf, typeName }: PersonReference,
  variables: Variables,
  path: Path,
  lost: Path[],
): Record<string, unknown> {
  const person: Record<string, unknown> = {};
  for (const field of fields) {
    if (!isFieldRequested(field, typeName, variables)) continue;
    if (field.name === 'cpf') setOwn(person, field.key, cpf);
    else if (field.name === '__typename') setOwn(person, field.key, typeName);
    else {
      setOwn(person, field.key, null);
      lost.push([...path, field.key]);
    }
  }
  return person;
}
