import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withEngine } from './migrations.ts';

/**
 * The SQL that is missing between a database and a Prisma schema; empty when nothing is.
 *
 * @param connectionString a database that has all migrations
 */
export async function schemaDifference(connectionString: string, schemaFile: string): Promise<string> {
  const datamodel = { content: await readFile(schemaFile, 'utf8'), path: schemaFile };
  const files = [datamodel];
  const request = {
    from: { tag: 'schemaDatasource', files, configDir: dirname(schemaFile) },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  };
  const sql = await withEngine(connectionString, async (engine) => (await engine.diff(request as never)).stdout ?? '', {
    datamodel,
  });
  return ['', '-- This is an empty migration.'].includes(sql.trim()) ? '' : sql.trimEnd();
}
