import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { baseC } from '@pessoa/bases/base-c';
import { applyMigrations } from '@pessoa/databases/migrations';
import { fixedClock } from '@pessoa/domain/data';
import { openBase } from '@pessoa/subgraph/base/base';
import { addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { clusterInfo } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { PrismaClient } from '../src/generated/prisma/client.ts';
import { askedMovimentacaoFilter, movimentacaoFilter } from '../src/movimentacoes/movimentacao-filter.ts';
import { prismaMovimentacaoSearch } from '../src/movimentacoes/prisma-movimentacao-search.ts';
import { NOW } from './event-under-test.ts';
import { movimentacaoSearchContract } from './movimentacao-search-contract.ts';

const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

/** A Base C of somebody else's: its ids and the index on them go by the words of a language, not by bytes. */
async function openForeignBaseC() {
  const { superuserUrl } = clusterInfo();
  const admin = new pg.Pool({ connectionString: superuserUrl, max: 1 });
  const database = `base_c_pt_br_${randomBytes(4).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${database} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'pt-BR'`);
  const url = Object.assign(new URL(superuserUrl), { pathname: `/${database}` }).href;
  await applyMigrations(url, migrations);
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  await owner.query('ALTER TABLE movimentacao ALTER id TYPE text COLLATE "default"');
  const open = (baseUrl: string) =>
    openBase({
      url: baseUrl,
      fonte: 'evento',
      budget: { acquireMillis: 5_000, statementMillis: 5_000 },
      contract: baseC.contract,
      createClient: (adapter) => new PrismaClient({ adapter }),
    });
  return {
    url,
    owner,
    open,
    async drop() {
      await owner.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}

movimentacaoSearchContract('a Base C ordered as Portuguese is', async () => {
  const foreign = await openForeignBaseC();
  const base = foreign.open(foreign.url);
  return {
    search: prismaMovimentacaoSearch(base),
    async add(cpf, ...rows) {
      await addTitular(foreign.owner, cpf);
      await addMovimentacoes(foreign.owner, cpf, ...rows);
    },
    async close() {
      await base.close();
      await foreign.drop();
    },
  };
});

describe('A page of a Base C ordered as Portuguese is', () => {
  const FIRST = 11;
  const filter = movimentacaoFilter(askedMovimentacaoFilter(null), fixedClock(NOW));
  let foreign: Awaited<ReturnType<typeof openForeignBaseC>>;
  let log: StatementLog;

  beforeAll(async () => {
    foreign = await openForeignBaseC();
    log = await openStatementLog(foreign.url);
  });
  afterAll(async () => {
    await foreign.drop();
    await log.close();
  });

  it('reads the rows it gives and one more, which ends the last instant, at the first page and after a position', async () => {
    const cpf = newCpf();
    await foreign.owner.query('INSERT INTO titular VALUES ($1)', [cpf]);
    await foreign.owner.query(
      `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
       SELECT 'p-' || n, $1, timestamptz '2026-11-22T12:00:00Z' - n * interval '1 minute', 'DEBITO', 'PIX', n,
              'TRANSACAO_EFETIVADA', '{}' FROM generate_series(1, 5000) AS n`,
      [cpf],
    );
    await foreign.owner.query('VACUUM ANALYZE');
    const base = foreign.open(log.url);
    const search = prismaMovimentacaoSearch(base);
    await base.missing(); // finds the tables, as a service does at its start
    log.clear();
    const [page] = await search.find([cpf], { filter, after: undefined, limit: FIRST });
    const last = page!.at(-1)!;
    await search.find([cpf], { filter, after: { sort: last.dataHora.toISOString(), id: last.id }, limit: FIRST });
    await base.close();
    const read = log.statements().map(({ rowsRead }) => rowsRead['movimentacao'] ?? 0);
    expect(read).toHaveLength(2);
    expect(page).toHaveLength(FIRST);
    expect(read[0]).toBeGreaterThanOrEqual(FIRST);
    expect(read[0]).toBeLessThanOrEqual(FIRST + 1);
    // The position's own instant is read again: what shares it comes after it or not, by its id.
    expect(read[1]).toBeLessThanOrEqual(FIRST + 2);
  });
});
