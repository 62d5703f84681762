import type { BaseDefinition } from '@pessoa/bases/base-definition';
import { dayText, instantText } from '@pessoa/postgres/sql-values';

type ContractOf<Definition extends BaseDefinition> = Definition['contract'];

interface Selection<Column> {
  /** Alias of the table in the statement. Default: none. */
  readonly alias?: string;
  /** Columns that the statement does not select. */
  readonly omit?: readonly Column[];
}

/** The name of a column in a row. */
export const camelCase = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function selectedColumns<Definition extends BaseDefinition, Table extends keyof ContractOf<Definition> & string>(
  { contract }: Definition,
  table: Table,
  { alias: of, omit: without = [] }: Selection<ContractOf<Definition>[Table][number]>,
): { column: string; sql: string }[] {
  return contract[table]!.filter((column) => !without.includes(column)).map((column) => ({
    column,
    sql: of === undefined ? column : `${of}.${column}`,
  }));
}

/**
 * Select list of a table's columns, in the form of the generated row type (`DividaRow` for `divida`): names in camelCase, amounts
 * as decimal text, days as `YYYY-MM-DD`, instants as `readEpoch` expects them. Session settings do not change these forms.
 */
export function selectList<Definition extends BaseDefinition, Table extends keyof ContractOf<Definition> & string>(
  base: Definition,
  table: Table,
  selection: Selection<ContractOf<Definition>[Table][number]> = {},
): string {
  return selectedColumns(base, table, selection)
    .map(({ column, sql }) => `${formOf(base.types[`${table}.${column}`], sql)} AS "${camelCase(column)}"`)
    .join(', ');
}

/** The same columns unchanged, for a subquery that `selectList` selects from. */
export const columnList = <Definition extends BaseDefinition, Table extends keyof ContractOf<Definition> & string>(
  base: Definition,
  table: Table,
  selection: Selection<ContractOf<Definition>[Table][number]> = {},
): string =>
  selectedColumns(base, table, selection)
    .map(({ sql }) => sql)
    .join(', ');

function formOf(type: string | undefined, sql: string): string {
  if (type === 'date') return dayText(sql);
  if (type === 'timestamptz(3)') return instantText(sql);
  return type === 'numeric(17,2)' ? `${sql}::text` : sql;
}
