import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ensureEmbeddedBases } from '../../src/embedded/embedded-bases.ts';
import { type PostgresCluster, startPostgres } from '../../src/embedded/postgres-cluster.ts';
import { applyMigrations } from '../../src/migrations.ts';

const auditMigrations = fileURLToPath(new URL('../../../audit/migrations', import.meta.url));

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('The embedded databases', () => {
  let home: string;
  let cluster: PostgresCluster;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pessoa-bases-'));
    await chmod(home, 0o755);
    cluster = await startPostgres({ home, settings: { fsync: 'off' } });
  });
  afterEach(async () => {
    await cluster.stop();
    await rm(cluster.place.home, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  });

  it('of an older version get a role that it had not, with its rights, and the others keep their passwords', async () => {
    const older = await ensureEmbeddedBases(cluster);
    await applyMigrations(older('auditoria_owner'), auditMigrations);
    const file = join(cluster.place.home, 'role-passwords.json');
    const { auditoria_auditor: _, ...passwords } = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    await writeFile(file, JSON.stringify(passwords));
    const superuser = cluster.superuserUrl('auditoria');
    await query(superuser, 'DROP OWNED BY auditoria_auditor');
    await query(superuser, 'DROP ROLE auditoria_auditor');

    const newer = await ensureEmbeddedBases(cluster);
    for (const role of Object.keys(passwords)) expect(newer(role)).toBe(older(role));
    expect(await query(newer('auditoria_auditor'), 'SELECT size FROM transparency.tree')).toEqual([{ size: '0' }]);
    expect(await query(newer('auditoria_auditor'), 'SELECT * FROM acesso')).toEqual([]);
    await expect(query(newer('auditoria_auditor'), 'DELETE FROM acesso')).rejects.toThrow('permission denied');
    expect((await ensureEmbeddedBases(cluster))('auditoria_auditor')).toBe(newer('auditoria_auditor'));
  });
});
