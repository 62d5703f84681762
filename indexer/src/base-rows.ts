import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { Pool } from 'pg';
import { toRow, selectedColumns, type SelectedRow } from './movimentacao-columns.ts';

const PAGE_ROWS = 5_000;
const PAGE = `SELECT ${selectedColumns} FROM movimentacao WHERE id > $1 ORDER BY id LIMIT $2`;

/**
 * Reads every posting of Base C, in pages by primary key. Each page shows its rows at the time when it is read.
 * @param pageRows default 5,000
 */
export async function* baseRows(baseC: Pool, pageRows: number = PAGE_ROWS): AsyncGenerator<MovimentacaoLinha[]> {
  for (let after = ''; ;) {
    // The statement has no name: once a column changes its type, a named statement fails on its connection for ever.
    const { rows } = await baseC.query<SelectedRow>(PAGE, [after, pageRows]);
    yield rows.map(toRow);
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.id;
  }
}

/** Reads the postings with these ids. Base C may have deleted some of them. */
export async function rowsById(baseC: Pool, ids: readonly string[]): Promise<MovimentacaoLinha[]> {
  const { rows } = await baseC.query<SelectedRow>(`SELECT ${selectedColumns} FROM movimentacao WHERE id = ANY ($1)`, [
    ids,
  ]);
  return rows.map(toRow);
}
