import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBases, newPasswords } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { openTestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { RebuildNeeded } from '../src/change-source.ts';
import { keysetChangeSource } from '../src/keyset-change-source.ts';
import { RANGES_MAX } from '../src/open-numbers.ts';
import {
  type Applied,
  apply,
  changeSourceContract,
  inTransaction,
  insertWith,
  type SourceUnderTest,
} from './change-source-contract.ts';

async function start(): Promise<SourceUnderTest & { readonly reader: pg.Pool }> {
  const { baseC, drop } = await openTestBases();
  const reader = new pg.Pool({ connectionString: baseC.readerUrl, max: 4 });
  return {
    open: () => keysetChangeSource(reader, { pollMillis: 20, pageRows: 5 }),
    owner: baseC.owner,
    reader,
    async close() {
      await reader.end();
      await drop();
    },
  };
}

changeSourceContract('keyset', start);

describe('Following by keyset', () => {
  let tested: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => void (tested = await start()));
  afterAll(() => tested.close());

  const fromTheBeginning = async (source = tested.open()): Promise<Applied> => {
    const { position } = await source.begin('');
    return apply(source, '', position);
  };
  const settledBy = (applied: Applied): number => Number.parseInt(applied.position(), 10);

  it('does not pass the number of an active transaction until that has ended', async () => {
    const { owner } = tested;
    const cpf = await addTitular(owner);
    const applied = await fromTheBeginning();
    await applied.upToDate();
    const before = settledBy(applied);
    await inTransaction(owner, async (late) => {
      await insertWith(late, cpf, 'k-late');
      await addMovimentacoes(owner, cpf, { id: 'k-1' }, { id: 'k-2' });
      for (let look = 0; look < 4; look++) await applied.upToDate();
      expect(applied.rows.has('k-2')).toBe(true);
      expect(settledBy(applied)).toBe(before);
      await late.query('COMMIT');
    });
    for (let look = 0; look < 4; look++) await applied.upToDate();
    expect(settledBy(applied)).toBe(applied.rows.get('k-2')!.version);
    await applied.stop();
  });

  it('also waits for a transaction that draws its number before the newest transaction draws one', async () => {
    const { owner, open } = tested;
    const cpf = await addTitular(owner);
    const applied = await fromTheBeginning();
    await inTransaction(owner, async (older) => {
      // Its transaction is the older one, its number the higher: no transaction younger than `late` has ended when it is seen.
      await older.query('SELECT pg_current_xact_id()');
      await inTransaction(owner, async (late) => {
        await insertWith(late, cpf, 'x-late');
        await insertWith(older, cpf, 'x-older');
        await older.query('COMMIT');
        for (let look = 0; look < 4; look++) await applied.upToDate();
        expect([applied.rows.has('x-older'), applied.rows.has('x-late')]).toEqual([true, false]);
        const position = applied.position();
        await applied.stop();
        await late.query('COMMIT');
        const again = apply(open(), '', position);
        await again.upToDate();
        expect(again.rows.has('x-late')).toBe(true);
        await again.stop();
      });
    });
  });

  it('does not read rows again while an earlier transaction stays open', async () => {
    const { owner } = tested;
    const cpf = await addTitular(owner);
    const applied = await fromTheBeginning();
    await inTransaction(owner, async (late) => {
      await insertWith(late, cpf, 'n-late');
      await addMovimentacoes(owner, cpf, ...Array.from({ length: 20 }, (_, i) => ({ id: `n-${i}` })));
      await applied.upToDate();
      const read = applied.changes.length;
      for (let look = 0; look < 5; look++) await applied.upToDate();
      expect(applied.changes).toHaveLength(read);
      await late.query('ROLLBACK');
    });
    await applied.stop();
  });

  it('continues above a transaction that stays open behind more gaps than a statement can name', async () => {
    const { owner, reader } = tested;
    const cpf = await addTitular(owner);
    const source = keysetChangeSource(reader, { pollMillis: 20 });
    const add = (prefix: string, rows: number, client: pg.Pool | pg.PoolClient = owner): Promise<unknown> =>
      client.query(
        `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
         SELECT $1 || i, $2, '2026-11-20T12:00:00Z', 'DEBITO', 'PIX', 10, 'TRANSACAO_EFETIVADA', '{}'
         FROM generate_series(1, $3::int) i`,
        [prefix, cpf, rows],
      );
    const addWithGaps = (prefix: string, rows: number): Promise<void> =>
      inTransaction(owner, async (client) => {
        await add(prefix, 2 * rows, client);
        await client.query('DELETE FROM movimentacao WHERE starts_with(id, $1) AND versao % 2 = 0', [prefix]);
        await client.query('COMMIT');
      });
    await add('f-', 100);
    const applied = await fromTheBeginning(source);
    await inTransaction(owner, async (late) => {
      await insertWith(late, cpf, 'late');
      await addWithGaps('g-', RANGES_MAX);
      await add('h-', 8_000);
      await applied.upToDate();
      await addWithGaps('i-', 5);
      await applied.upToDate();
      await add('j-', 1);
      await applied.upToDate();
      expect(applied.rows.has('j-1')).toBe(true);
      const { rows } = await owner.query<{ total: number }>('SELECT count(*)::int AS total FROM movimentacao');
      expect(applied.rows).toHaveProperty('size', rows[0]!.total);
      expect(settledBy(applied)).toBeLessThan(applied.rows.get('j-1')!.version - RANGES_MAX);
      await late.query('ROLLBACK');
    });
    for (let look = 0; look < 3; look++) await applied.upToDate();
    expect(settledBy(applied)).toBe(applied.rows.get('j-1')!.version);
    await applied.stop();
  });

  it('asks for a rebuild when the numbers started again, and gives no versions for a repair', async () => {
    const { owner, open } = tested;
    const cpf = await addTitular(owner);
    await addMovimentacoes(owner, cpf, { id: 'b-1' }, { id: 'b-2' });
    const applied = await fromTheBeginning();
    for (let look = 0; look < 3; look++) await applied.upToDate();
    const position = applied.position();
    await owner.query('TRUNCATE movimentacao RESTART IDENTITY');
    await addMovimentacoes(owner, cpf, { id: 'b-3' });
    await expect(applied.upToDate()).rejects.toThrow(RebuildNeeded);
    await expect(apply(open(), '', position).upToDate()).rejects.toThrow(RebuildNeeded);
    await expect(open().versionsOf(['b-3'], '', position)).rejects.toThrow(RebuildNeeded);
  });

  it('asks for a rebuild when every posting was removed and others came', async () => {
    const { owner, open } = tested;
    const cpf = await addTitular(owner);
    await addMovimentacoes(owner, cpf, { id: 'e-1' });
    const applied = await fromTheBeginning();
    for (let look = 0; look < 3; look++) await applied.upToDate();
    const position = applied.position();
    await applied.stop();
    await owner.query('DELETE FROM movimentacao');
    await addMovimentacoes(owner, cpf, { id: 'e-2' });
    await expect(apply(open(), '', position).upToDate()).rejects.toThrow(RebuildNeeded);
  });

  it('names the column that is missing or not granted', async () => {
    const { owner, open } = tested;
    await owner.query('ALTER TABLE movimentacao RENAME versao TO outra');
    await expect(open().check()).rejects.toThrow('BASE_C_URL lacks, or keeps from our role, movimentacao.versao');
    await owner.query('ALTER TABLE movimentacao RENAME outra TO versao');
  });

  it('does not follow a base that has become a replica, and asks for a rebuild once that is a primary', async () => {
    const home = await mkdtemp(join(tmpdir(), 'pessoa-keyset-'));
    await chmod(home, 0o755); // PostgreSQL's own user must be able to enter
    const settings = { fsync: 'off' };
    let server = await startPostgres({ home, settings });
    const urlOf = await ensureBases(server.superuserUrl, newPasswords());
    const baseC = new pg.Pool({ connectionString: urlOf('base_c_reader'), max: 4 });
    baseC.on('error', () => {}); // its server is stopped
    const open = () => keysetChangeSource(baseC, { pollMillis: 20 });
    try {
      await applyMigrations(
        urlOf('base_c_owner'),
        fileURLToPath(new URL('../../subgraphs/event/prisma/migrations', import.meta.url)),
      );
      const applied = await fromTheBeginning(open());
      await applied.upToDate();
      const position = applied.position();
      await applied.stop();

      await server.stop();
      await writeFile(join(server.place.home, 'data', 'standby.signal'), '');
      server = await startPostgres({ home, port: server.port, settings });
      await expect(apply(open(), '', position).upToDate()).rejects.toThrow('has become a replica');
      const admin = new pg.Client({ connectionString: server.superuserUrl('postgres') });
      await admin.connect();
      await admin.query('SELECT pg_promote()');
      await admin.end();
      await expect(apply(open(), '', position).upToDate()).rejects.toThrow(RebuildNeeded);
    } finally {
      await baseC.end();
      await server.stop();
      await rm(server.place.home, { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    }
  });
});
