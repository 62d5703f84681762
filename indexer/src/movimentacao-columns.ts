import { baseC } from '@pessoa/bases/base-c';
import { instantText, readEpoch } from '@pessoa/postgres/sql-values';
import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';

/** The columns of Base C that the index needs, by the names of `MovimentacaoLinha`. */
export const movimentacaoColumns = baseC.contract.movimentacao;

/** The same columns for a SELECT. The result does not depend on the settings of the session. */
export const selectedColumns: string = movimentacaoColumns
  .map((column) => (column === 'data_hora' ? `${instantText(column)} AS data_hora` : column))
  .join(', ');

/** A row of `selectedColumns`. */
export type SelectedRow = Omit<MovimentacaoLinha, 'data_hora'> & { readonly data_hora: string | null };

/** Converts a selected row. An instant that a Date cannot hold, such as infinity, becomes a number. */
export function toRow<Row extends SelectedRow>(row: Row): Omit<Row, 'data_hora'> & MovimentacaoLinha {
  const instant = readEpoch(row.data_hora);
  return { ...row, data_hora: instant && Number.isNaN(instant.getTime()) ? Number(row.data_hora) : instant };
}
