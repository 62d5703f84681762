import { baseC } from '@pessoa/bases/base-c';
import { instantText, readInstant } from '@pessoa/postgres/sql-values';
import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';

/** What the index is made of, as `MovimentacaoLinha` names it. */
export const movimentacaoColumns = baseC.contract.movimentacao;

/** The same for a SELECT, whatever the settings of the session. */
export const selectedColumns: string = movimentacaoColumns
  .map((column) => (column === 'data_hora' ? `${instantText(column)} AS data_hora` : column))
  .join(', ');

/** A row of `selectedColumns`. */
export type SelectedRow = Omit<MovimentacaoLinha, 'data_hora'> & { readonly data_hora: string | null };

/** @returns the row that was selected; an instant that a Date cannot have is a number, as of PostgreSQL's infinities */
export function toRow<Row extends SelectedRow>(row: Row): Omit<Row, 'data_hora'> & MovimentacaoLinha {
  const instant = readInstant(row.data_hora);
  return { ...row, data_hora: instant && Number.isNaN(instant.getTime()) ? Number(row.data_hora) : instant };
}
