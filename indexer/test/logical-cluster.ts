import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBases, newPasswords } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import pg from 'pg';

/** A Base C on a PostgreSQL of the test's own, whose log may be decoded. */
export interface LogicalBase {
  readonly owner: pg.Pool;
  readonly readerUrl: string;
  /** May replicate. */
  readonly replicationUrl: string;
  readonly superuserUrl: string;
  close(): Promise<void>;
}

/** What docs/bases.md asks of the owner. */
export const GRANTED = `
  CREATE UNIQUE INDEX movimentacao_indexador ON movimentacao (id, cpf);
  ALTER TABLE movimentacao REPLICA IDENTITY USING INDEX movimentacao_indexador;
  CREATE PUBLICATION pessoa_movimentacao FOR TABLE movimentacao`;

export async function startLogicalBase(granted = GRANTED): Promise<LogicalBase> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-logical-'));
  await chmod(home, 0o755); // PostgreSQL's own user must be able to enter
  const settings = { wal_level: 'logical', fsync: 'off', full_page_writes: 'off', max_replication_slots: '20' };
  const cluster = await startPostgres({ home, settings });
  const urlOf = await ensureBases(cluster.superuserUrl, newPasswords());
  await applyMigrations(
    urlOf('base_c_owner'),
    fileURLToPath(new URL('../../subgraphs/event/prisma/migrations', import.meta.url)),
  );
  const owner = new pg.Pool({ connectionString: urlOf('base_c_owner'), max: 6 });
  owner.on('error', () => {});
  if (granted) await owner.query(granted);
  const superuserUrl = cluster.superuserUrl('base_c');
  const password = randomBytes(12).toString('hex');
  const admin = new pg.Client({ connectionString: superuserUrl });
  await admin.connect();
  await admin.query(
    `CREATE ROLE indexador LOGIN REPLICATION PASSWORD '${password}'; GRANT CONNECT ON DATABASE base_c TO indexador`,
  );
  await admin.end();
  const replicationUrl = Object.assign(new URL(superuserUrl), { username: 'indexador', password }).href;
  return {
    owner,
    readerUrl: urlOf('base_c_reader'),
    replicationUrl,
    superuserUrl,
    async close() {
      await owner.end();
      await cluster.stop();
      await rm(cluster.place.home, { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    },
  };
}
