import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { Pool } from 'pg';
import { linhaOf, selectedColumns, type SelectedRow } from './movimentacao-columns.ts';

const PAGE_ROWS = 5_000;
const PAGE = `SELECT ${selectedColumns} FROM movimentacao WHERE id > $1 ORDER BY id LIMIT $2`;

/** Every posting of Base C, in pages along its primary key; of one that changes meanwhile, what it is when its page is read. */
export async function* baseRows(baseC: Pool, pageRows: number = PAGE_ROWS): AsyncGenerator<MovimentacaoLinha[]> {
  for (let after = ''; ;) {
    // Without a name: a named statement fails for good on a connection once a column has another type.
    const { rows } = await baseC.query<SelectedRow>(PAGE, [after, pageRows]);
    yield rows.map(linhaOf);
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.id;
  }
}

/** Postings of Base C as they are now; those that are gone are left out. */
export async function rowsById(baseC: Pool, ids: readonly string[]): Promise<MovimentacaoLinha[]> {
  const { rows } = await baseC.query<SelectedRow>(`SELECT ${selectedColumns} FROM movimentacao WHERE id = ANY ($1)`, [
    ids,
  ]);
  return rows.map(linhaOf);
}
