import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditMigrations } from '@pessoa/audit/migrations';
import { applyMigrations } from '@pessoa/databases/migrations';
import { openTestBases, type TestBases } from './test-bases.ts';

/** An audit that an older version made. */
export interface OlderAudit {
  readonly bases: TestBases;
  /** Applies the migrations that are missing. @returns their names */
  migrate(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * A test's own databases, with an audit that has only the migrations before one. Everybody has every right on its tables.
 *
 * @param before the name of the first migration that is missing
 */
export async function openOlderAudit(before: string): Promise<OlderAudit> {
  const bases = await openTestBases();
  const { owner, ownerUrl } = bases.auditoria;
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-migrations-'));
  try {
    await owner.query('DROP SCHEMA transparency, months CASCADE');
    await owner.query('DROP TABLE acesso, _prisma_migrations CASCADE');
    await owner.query('DROP FUNCTION acesso_append_only, acesso_id_range, fim_do_sigilo');
    for (const name of await readdir(auditMigrations))
      if (name < before) await cp(join(auditMigrations, name), join(folder, name), { recursive: true });
    await applyMigrations(ownerUrl, folder);
    await owner.query('GRANT USAGE ON SCHEMA transparency TO PUBLIC');
    await owner.query('GRANT ALL ON ALL TABLES IN SCHEMA transparency TO PUBLIC');
  } finally {
    await rm(folder, { recursive: true });
  }
  return { bases, migrate: () => applyMigrations(ownerUrl, auditMigrations), close: () => bases.drop() };
}
