/** The tables or views a service reads and the columns it reads of each (docs/bases.md). */
export type BaseContract = Readonly<Record<string, readonly string[]>>;

/** The type of a column that is not text, as docs/bases.md writes it. */
export type ColumnType =
  'integer' | 'numeric(17,2)' | 'date' | 'timestamptz(3)' | 'boolean' | 'text[]' | `char(${number})`;

/** The type of each column, as `table.column`, that is not text. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** The column by which a row of each table is found, and pages are cut: unique and never null. */
export type Keys = Readonly<Record<string, string>>;

/** The index that finds a person's rows of each table, as `CREATE INDEX` has its columns: `cpf, data_hora DESC, id DESC`. */
export type ExpectedIndexes = Readonly<Record<string, string>>;

/** All that a service asks of its base. */
export interface BaseDefinition {
  readonly contract: BaseContract;
  readonly types: ColumnTypes;
  readonly keys: Keys;
  readonly indexes: ExpectedIndexes;
}
