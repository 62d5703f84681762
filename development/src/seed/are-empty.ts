import { baseNames } from '@pessoa/domain/services';
import { connectPostgres } from '@pessoa/operations/postgres/connect-postgres';
import { searchPathOf } from '@pessoa/postgres/table-schemas';
import type { BaseUrls } from './load-population.ts';
import { filledTables } from './tables.ts';

/** @returns true when no table that the seed fills has a row, in all three bases */
export async function areEmpty(urls: BaseUrls): Promise<boolean> {
  const emptyBases = await Promise.all(
    baseNames.map(async (base) => {
      const client = await connectPostgres(urls[base]);
      try {
        const path = await searchPathOf(client, filledTables[base]);
        await client.query(`BEGIN; SET LOCAL search_path = ${path}`);
        const tables = filledTables[base].map((table) => `NOT EXISTS (SELECT FROM ${table})`);
        const { rows } = await client.query<{ empty: boolean }>(`SELECT ${tables.join(' AND ')} AS empty`);
        return rows[0]!.empty;
      } finally {
        await client.end();
      }
    }),
  );
  return emptyBases.every(Boolean);
}
