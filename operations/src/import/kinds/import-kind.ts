import type { BaseArgument } from '@pessoa/domain/services';
import type { Column } from '../columns.ts';

/** Where a line of the file goes. */
export interface Target {
  readonly table: string;
  /** The primary key. */
  readonly key: string;
  /** Columns of the table, the key first, each with what it takes from the staged line `s`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Another table that `columns` takes from. */
  readonly join?: string;
  /** Lines without anything for this table leave it as it is. */
  readonly when?: string;
}

/** A column that is computed from the others when the line is read. */
export interface Computed {
  readonly name: string;
  readonly sqlType: string;
  /** @param valueOf the text of a column of the file, empty when it has none @returns its COPY text */
  readonly compute: (valueOf: (column: string) => string) => string;
}

/** One kind of file: its columns, and what becomes of its lines. */
export interface ImportKind {
  readonly base: BaseArgument;
  readonly name: string;
  /** The key that a line may have only once in a file. */
  readonly key: string;
  readonly columns: readonly Column[];
  readonly computed: readonly Computed[];
  /** The table that must know the CPF of a line; none when the lines are the people. */
  readonly people?: 'pessoa' | 'titular';
  readonly targets: readonly Target[];
  /** Runs before the targets, over the staged lines. */
  readonly before?: string;
  /** SQL that counts staged lines of which something was not taken over, and the words for it. */
  readonly notice?: { readonly sql: string; readonly text: string };
}

/** Each staged column goes to the column of the same name. */
export const sameNames = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `s.${name}`]));
