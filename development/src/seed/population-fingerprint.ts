import { type BaseName, baseNames } from '@pessoa/domain/services';
import { connectPostgres } from '@pessoa/operations/postgres/connect-postgres';
import { searchPathOf } from '@pessoa/postgres/table-schemas';
import type { BaseUrls } from './load-population.ts';
import { credorTable, seedTables } from './tables.ts';

const tablesOf = (base: BaseName) => (base === 'baseA' ? [credorTable, ...seedTables.baseA] : seedTables[base]);

async function fingerprintOf(base: BaseName, connectionString: string): Promise<string> {
  const client = await connectPostgres(connectionString);
  try {
    const parts: string[] = [];
    const path = await searchPathOf(
      client,
      tablesOf(base).map(({ table }) => table),
    );
    await client.query(`BEGIN; SET LOCAL search_path = ${path}`);
    for (const { table, columns } of tablesOf(base)) {
      // Only the columns of the seed: `movimentacao.versao` differs at each load.
      const { rows } = await client.query<{ part: string }>(
        `SELECT concat_ws(':', count(*), coalesce(sum(hash_record_extended(ROW(${columns.join(', ')}), 0)), 0)) AS part FROM ${table}`,
      );
      parts.push(`${table}=${rows[0]?.part}`);
    }
    return parts.join(' ');
  } finally {
    await client.end();
  }
}

/**
 * A short text that changes when a row of the three bases changes: for each table the number of rows and the sum of their
 * hashes, which does not depend on the order of rows. It reads every row, about a second for 10,000 people. Another major
 * version of PostgreSQL gives other values.
 */
export async function populationFingerprint(urls: BaseUrls): Promise<string> {
  const parts = await Promise.all(baseNames.map(async (base) => `${base}[${await fingerprintOf(base, urls[base])}]`));
  return parts.join(' ');
}
