import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withEngine } from './migrations.ts';

/**
 * Computes the SQL that turns a database into a Prisma schema.
 *
 * @param connectionString of a database with all migrations
 * @returns empty without a difference
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
