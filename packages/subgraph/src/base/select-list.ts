import type { BaseDefinition } from '@pessoa/bases/base-definition';
import { dayText, instantText } from '@pessoa/postgres/sql-values';

type ContractOf<Definition extends BaseDefinition> = Definition['contract'];

interface Selection<Column> {
  /** The alias of the table in the statement; default: none. */
  readonly of?: string;
  /** Columns that the statement does not select. */
  readonly without?: readonly Column[];
}

const camelCase = (column: string): string => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function selected<Definition extends BaseDefinition, Table extends keyof ContractOf<Definition> & string>(
  { contract }: Definition,
  table: Table,
  { of, without = [] }: Selection<ContractOf<Definition>[Table][number]>,
): { column: string; sql: string }[] {
  return contract[table]!.filter((column) => !without.includes(column)).map((column) => ({
    column,
    sql: of === undefined ? column : `${of}.${column}`,
  }));
}

/**
 * The columns of a table as a row's generated type has them (`DividaRow` of `divida`), in forms that no session changes:
 * names in camelCase, amounts as decimal text, days as `AAAA-MM-DD`, instants as `readInstant` reads them.
 */
export function selectList<Definition extends BaseDefinition, Table extends keyof ContractOf<Definition> & string>(
  base: Definition,
  table: Table,
  selection: Selection<ContractOf<Definition>[Table][number]> = {},
): string {
  return selected(base, table, selection)
    .map(({ column, sql }) => `${formOf(base.types[`${table}.${column}`], sql)} AS "${camelCase(column)}"`)
    .join(', ');
}

/** The same columns as they are, for a subquery of which `selectList` selects. */
export const columnList = <Definition extends BaseDefinition, Table extends keyof ContractOf<Definition> & string>(
  base: Definition,
  table: Table,
  selection: Selection<ContractOf<Definition>[Table][number]> = {},
): string =>
  selected(base, table, selection)
    .map(({ sql }) => sql)
    .join(', ');

function formOf(type: string | undefined, sql: string): string {
  if (type === 'date') return dayText(sql);
  if (type === 'timestamptz(3)') return instantText(sql);
  return type === 'numeric(17,2)' ? `${sql}::text` : sql;
}
