import type { Resultado } from '@pessoa/audit/audit-log';
import type { GraphQLFormattedError } from 'graphql';
import type { PersonRead } from './person-reads.ts';

/** What a client got, or is about to. */
export interface Answer {
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
}

type Path = readonly (string | number)[];

/**
 * What an answer gave of one person: a field counts as answered when it is there, null or not, and as refused or lost
 * when an error made it null.
 */
export function readOutcome(read: PersonRead, { data, errors }: Answer): { campos: string[]; resultado: Resultado } {
  const answered = new Set<string>();
  const refused: unknown[] = [];
  const codesAt = (here: Path): unknown[] =>
    errors.filter(({ path }) => path && isOnTheWay(path, here)).map(({ extensions }) => extensions?.['code']);
  const visit = (fields: PersonRead['fields'], parent: unknown, path: Path, prefix: string): void => {
    for (const field of fields) {
      const { key, name, children } = field;
      const here = [...path, key];
      const value = valueOf(parent, key);
      if (value === undefined) continue; // left out by @skip or @include
      const codes = value === null ? codesAt(here) : [];
      if (codes.length > 0) refused.push(...codes);
      else if (value === null) for (const leaf of leavesOf(field, prefix)) answered.add(leaf);
      else if (children.length === 0) answered.add(prefix + name);
      else visit(children, value, here, `${prefix}${name}.`);
    }
  };
  const person = read.path.reduce(valueOf, data);
  if (typeof person === 'object' && person !== null) visit(read.fields, person, read.path, '');
  else refused.push(...codesAt(read.path));
  const campos = [...answered];
  if (refused.length === 0) return { campos, resultado: 'ATENDIDO' };
  if (campos.length > 0) return { campos, resultado: 'PARCIAL' };
  return { campos, resultado: refused.includes('UNAUTHORIZED_FIELD_OR_TYPE') ? 'NEGADO' : 'FALHA' };
}

const leavesOf = ({ name, children }: PersonRead['fields'][number], prefix: string): string[] =>
  children.length === 0 ? [prefix + name] : children.flatMap((child) => leavesOf(child, `${prefix}${name}.`));

const valueOf = (parent: unknown, key: string | number): unknown =>
  typeof parent === 'object' && parent !== null ? (parent as Record<string | number, unknown>)[key] : undefined;

/** Whether one path leads to or past the other: a null that is not allowed takes its parents along. */
const isOnTheWay = (one: Path, other: Path): boolean =>
  one.slice(0, other.length).every((key, index) => key === other[index]);
