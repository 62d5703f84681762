import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { WireAnswer } from '../transport/wire.ts';
import { readAnswerData, UnusableAnswerError } from './answer-data.ts';
import { isJsonObject, setOwn } from './json-object.ts';
import { type PersonReference, peopleOfRoot } from './root-people.ts';
import { type FetchShape, isFieldRequested, pathWithinFetch, type ObjectShape } from './fetch-shape.ts';
import { errorAt, type Loss, lossOf, type Path, readReportedErrors, type SubgraphError } from './subgraph-error.ts';

type Variables = Readonly<Record<string, unknown>>;

/**
 * An answer that the gateway can merge. A person is always an object, so a lost source cannot remove the fields of the
 * other sources. Each lost field has an error with its path.
 */
export interface SubgraphAnswer {
  readonly data: Record<string, unknown>;
  readonly errors?: readonly SubgraphError[];
  /** Set if at least a part of the answer was useless. */
  readonly lossCode?: PublicErrorCode;
}

/** Reads a subgraph's answer to one fetch. A useless answer loses the fields of that fetch, and no others. */
export function readAnswer(
  shape: FetchShape,
  variables: Variables,
  answer: WireAnswer,
  fonte: Fonte,
  cpfKeys: ReadonlyMap<string, string>,
): SubgraphAnswer {
  const body = bodyOf(answer);
  const reports = readReportedErrors(body?.['errors'], fonte);
  try {
    const isOk = answer.status >= 200 && answer.status < 300;
    if (!isListOrAbsent(body?.['errors'])) throw new UnusableAnswerError('the errors are not a list');
    const { data, invalidPaths } = readAnswerData(shape, variables, isOk ? body?.['data'] : undefined, cpfKeys);
    const reportedErrors = reports.flatMap(({ loss, path }) => {
      const fetchPath = path && pathWithinFetch(shape, path);
      return fetchPath ? [errorAt(fetchPath, loss)] : shape.roots.map(({ key }) => errorAt([key], loss));
    });
    const reportedPaths = new Set(
      invalidPaths.length > 0 ? reportedErrors.map(({ path }) => JSON.stringify(path)) : [],
    );
    const errors = [
      ...reportedErrors,
      ...invalidPaths
        .filter((path) => reportedPaths.size === 0 || !reportedPaths.has(JSON.stringify(path)))
        .map((path) => errorAt(path, lossOf('FONTE_INVALIDA', fonte))),
    ];
    return {
      data,
      ...(errors.length > 0 ? { errors } : {}),
      ...(invalidPaths.length > 0 ? { lossCode: 'FONTE_INVALIDA' } : {}),
    };
  } catch (error) {
    if (!(error instanceof UnusableAnswerError)) throw error;
    const [firstReport] = reports;
    if (firstReport) return createStandInAnswer(shape, variables, firstReport.loss);
    return createStandInAnswer(
      shape,
      variables,
      lossOf(answer.status >= 500 ? 'FONTE_INDISPONIVEL' : 'FONTE_INVALIDA', fonte),
    );
  }
}

const isListOrAbsent = (errors: unknown): boolean => errors === undefined || errors === null || Array.isArray(errors);

function bodyOf(answer: WireAnswer): Record<string, unknown> | undefined {
  try {
    const body: unknown = 'text' in answer ? JSON.parse(answer.text) : answer.body;
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Replaces the answer of a lost source. Each person has the requested CPF, and null with an error in every other field.
 * A null in place of the person would remove the fields of the other sources too.
 */
export function createStandInAnswer(shape: FetchShape, variables: Variables, loss: Loss): SubgraphAnswer {
  const data: Record<string, unknown> = {};
  const lostPaths: Path[] = [];
  for (const root of shape.roots.filter((field) => isFieldRequested(field, undefined, variables))) {
    const rootPeople = peopleOfRoot(root, variables);
    if (!rootPeople) {
      setOwn(data, root.key, null);
      lostPaths.push([root.key]);
      continue;
    }
    const { isList, people, shape: personShape } = rootPeople;
    const standIns = people.map((person, index) =>
      createStandInPerson(personShape, person, variables, isList ? [root.key, index] : [root.key], lostPaths),
    );
    setOwn(data, root.key, isList ? standIns : standIns[0]);
  }
  // A fetch that requests only the CPF loses nothing with a lost source. A refusal still needs its error.
  const isBareRefusal = lostPaths.length === 0 && !loss.code.startsWith('FONTE_');
  const errors = (isBareRefusal ? Object.keys(data).map((key) => [key]) : lostPaths).map((path) => errorAt(path, loss));
  return { data, lossCode: loss.code, ...(errors.length > 0 ? { errors } : {}) };
}

/** @param lostPaths gets the path of each null */
function createStandInPerson(
  { fields }: ObjectShape,
  { cpf, typeName }: PersonReference,
  variables: Variables,
  path: Path,
  lostPaths: Path[],
): Record<string, unknown> {
  const person: Record<string, unknown> = {};
  for (const field of fields) {
    if (!isFieldRequested(field, typeName, variables)) continue;
    if (field.name === 'cpf') setOwn(person, field.key, cpf);
    else if (field.name === '__typename') setOwn(person, field.key, typeName);
    else {
      setOwn(person, field.key, null);
      lostPaths.push([...path, field.key]);
    }
  }
  return person;
}
