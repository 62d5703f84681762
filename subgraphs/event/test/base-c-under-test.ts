import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { baseC } from '@pessoa/bases/base-c';
import { applyMigrations } from '@pessoa/databases/migrations';
import { type Base, openBase } from '@pessoa/subgraph/base/base';
import { clusterInfo } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { PrismaClient } from '../src/generated/prisma/client.ts';

/** Opens a Base C as the service does, with time enough for a busy machine. */
export const openBaseC = (url: string): Base<PrismaClient> =>
  openBase({
    url,
    fonte: 'evento',
    budget: { acquireMillis: 10_000, statementMillis: 10_000 },
    contract: baseC.contract,
    createClient: (adapter) => new PrismaClient({ adapter }),
  });

export interface PortugueseBaseC {
  readonly url: string;
  readonly owner: pg.Pool;
  drop(): Promise<void>;
}

const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

/** A Base C whose database sorts ids, and the indexes on them, as Portuguese words and not by bytes. */
export async function openPortugueseBaseC(): Promise<PortugueseBaseC> {
  const { superuserUrl } = clusterInfo();
  const admin = new pg.Pool({ connectionString: superuserUrl, max: 1 });
  const database = `base_c_pt_br_${randomBytes(4).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${database} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'pt-BR'`);
  const url = Object.assign(new URL(superuserUrl), { pathname: `/${database}` }).href;
  await applyMigrations(url, migrations);
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {}); // dropping the database ends its idle connections
  await owner.query(`ALTER TABLE movimentacao ALTER id TYPE text COLLATE "default";
    ALTER TABLE consulta ALTER id TYPE text COLLATE "default"`);
  return {
    url,
    owner,
    async drop() {
      await owner.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}
