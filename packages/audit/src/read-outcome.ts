import type { AnswerErrors, Path } from '@pessoa/service/graphql/answer-errors';
import type { PersonPlace, PersonRead } from '@pessoa/service/graphql/person-reads';
import type { Resultado } from './audit-log.ts';

/** What a client got, or is about to. */
export interface Answer {
  readonly data: unknown;
  readonly errors: AnswerErrors;
}

/**
 * What an answer gave of one person, all places together: a field counts as answered when it is there, null or not, and
 * as refused or lost when an error made it null. Fields by their schema names, each once.
 */
export function readOutcome({ places }: PersonRead, answer: Answer): { campos: string[]; resultado: Resultado } {
  const answered = new Set<string>();
  const refused = new Set<unknown>();
  for (const place of places) readPlace(place, answer, answered, refused);
  const campos = [...answered];
  if (refused.size === 0) return { campos, resultado: 'ATENDIDO' };
  if (campos.length > 0) return { campos, resultado: 'PARCIAL' };
  return { campos, resultado: refused.has('UNAUTHORIZED_FIELD_OR_TYPE') ? 'NEGADO' : 'FALHA' };
}

function readPlace(
  { path, fields }: PersonPlace,
  { data, errors }: Answer,
  answered: Set<string>,
  refused: Set<unknown>,
): void {
  const visit = (requested: PersonPlace['fields'], parent: unknown, at: Path, prefix: string): void => {
    for (const field of requested) {
      const { key, name, children } = field;
      const value = valueOf(parent, key);
      if (value === undefined) continue; // left out by @skip or @include
      const here = [...at, key];
      const codes = value === null ? errors.codesAt(here) : [];
      if (codes.length > 0) for (const code of codes) refused.add(code);
      else if (value === null) for (const leaf of leavesOf(field, prefix)) answered.add(leaf);
      else if (children.length === 0) answered.add(prefix + name);
      else if (Array.isArray(value)) for (const leaf of leavesOf(field, prefix)) answered.add(leaf);
      else visit(children, value, here, `${prefix}${name}.`);
    }
  };
  const person = (path as Path).reduce(valueOf, data);
  if (typeof person === 'object' && person !== null) visit(fields, person, path, '');
  else for (const code of errors.codesAt(path)) refused.add(code);
}

const leavesOf = ({ name, children }: PersonPlace['fields'][number], prefix: string): string[] =>
  children.length === 0 ? [prefix + name] : children.flatMap((child) => leavesOf(child, `${prefix}${name}.`));

const valueOf = (parent: unknown, key: string | number): unknown =>
  typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    ? (parent as Record<string | number, unknown>)[key]
    : undefined;
