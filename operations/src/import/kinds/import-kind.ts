import type { BaseArgument } from '@pessoa/domain/services';
import type { Column } from '../columns.ts';

/** A table that receives the staged lines. */
export interface Target {
  readonly table: string;
  /** The primary key. */
  readonly key: string;
  /** Columns of the table, the key first, each with its SQL expression over the staged line `s`. */
  readonly columns: Readonly<Record<string, string>>;
  /** SQL that joins another table to the staged lines. */
  readonly join?: string;
  /** SQL that selects the lines that change this table; default: all. */
  readonly condition?: string;
}

/** A column that is computed from the columns of the file. */
export interface Computed {
  readonly name: string;
  readonly sqlType: string;
  /** @param valueOf the text of a column of the file, empty when it has none @returns its COPY text */
  readonly compute: (valueOf: (column: string) => string) => string;
}

/** One kind of file: its columns, and the tables that they go to. */
export interface ImportKind {
  readonly base: BaseArgument;
  readonly name: string;
  /** The column that is unique in a file. */
  readonly key: string;
  readonly columns: readonly Column[];
  readonly computed: readonly Computed[];
  /** The table that must have the CPF of a line; undefined if the lines are the people. */
  readonly peopleTable?: 'pessoa' | 'titular';
  readonly targets: readonly Target[];
  /** SQL that runs over the staged lines before they are merged. */
  readonly setupSql?: string;
  /** SQL that counts staged lines with a value that was not stored, and the text of the notice. */
  readonly notice?: { readonly sql: string; readonly text: string };
}

/** Each staged column goes to the column of the same name. */
export const sameNames = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `s.${name}`]));
