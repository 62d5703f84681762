import type { AnswerErrors, AnswerPath } from '@pessoa/service/graphql/answer-errors';
import type { PersonPlace, PersonRead } from '@pessoa/service/graphql/person-reads';
import { JsonText } from '@pessoa/service/graphql/json-text';
import type { Resultado } from './audit-log.ts';

/** The data and the errors of an answer that is about to leave. */
export interface ExecutedAnswer {
  readonly data: unknown;
  readonly errors: AnswerErrors;
}

/**
 * What an answer showed about one person, in all places that have the person. A field counts as answered, even when it is
 * null, unless an error made it null. A list counts with all its leaves, whatever
 * its items hold, and so does what is text, in which nothing is missing. `campos` has each field once, by its name in the schema.
 */
export function readOutcome(
  { places }: PersonRead,
  answer: ExecutedAnswer,
): { campos: string[]; resultado: Resultado } {
  const answered = new Set<string>();
  const errorCodes = new Set<unknown>();
  for (const place of places) readPlace(place, answer, answered, errorCodes);
  const campos = [...answered];
  if (errorCodes.size === 0) return { campos, resultado: 'ATENDIDO' };
  if (campos.length > 0) return { campos, resultado: 'PARCIAL' };
  // Only who was refused everything was not read: a source may have failed after it was read.
  const wasRefused = errorCodes.size === 1 && errorCodes.has('UNAUTHORIZED_FIELD_OR_TYPE');
  return { campos, resultado: wasRefused ? 'NEGADO' : 'FALHA' };
}

function readPlace(
  { path, fields }: PersonPlace,
  { data, errors }: ExecutedAnswer,
  answered: Set<string>,
  errorCodes: Set<unknown>,
): void {
  const visit = (requested: PersonPlace['fields'], parent: unknown, parentPath: AnswerPath, prefix: string): void => {
    for (const field of requested) {
      const { key, name, children } = field;
      const value = valueOf(parent, key);
      if (value === undefined) continue; // excluded by @skip or @include
      const fieldPath = [...parentPath, key];
      const codes = value === null ? errors.codesAt(fieldPath) : [];
      if (codes.length > 0) for (const code of codes) errorCodes.add(code);
      else if (value === null) for (const leaf of leavesOf(field, prefix)) answered.add(leaf);
      else if (children.length === 0) answered.add(prefix + name);
      else if (Array.isArray(value) || value instanceof JsonText)
        for (const leaf of leavesOf(field, prefix)) answered.add(leaf);
      else visit(children, value, fieldPath, `${prefix}${name}.`);
    }
  };
  const person = (path as AnswerPath).reduce(valueOf, data);
  if (typeof person === 'object' && person !== null) visit(fields, person, path, '');
  else for (const code of errors.codesAt(path)) errorCodes.add(code);
}

const leavesOf = ({ name, children }: PersonPlace['fields'][number], prefix: string): string[] =>
  children.length === 0 ? [prefix + name] : children.flatMap((child) => leavesOf(child, `${prefix}${name}.`));

const valueOf = (parent: unknown, key: string | number): unknown =>
  typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    ? (parent as Record<string | number, unknown>)[key]
    : undefined;
