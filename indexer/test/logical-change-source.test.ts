import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import pg from 'pg';
import { type Change, RebuildNeeded } from '../src/change-source.ts';
import { logicalChangeSource } from '../src/logical-change-source.ts';
import { formatLsn, parseLsn } from '../src/lsn.ts';
import {
  type Applied,
  apply,
  changeSourceContract,
  inTransaction,
  insertWith,
  type SourceUnderTest,
} from './change-source-contract.ts';
import { GRANTED, type LogicalBase, startLogicalBase } from './logical-cluster.ts';

interface LogicalUnderTest extends SourceUnderTest {
  readonly base: LogicalBase;
  readonly reader: pg.Pool;
}

async function start(): Promise<LogicalUnderTest> {
  const base = await startLogicalBase();
  const reader = new pg.Pool({ connectionString: base.readerUrl, max: 4 });
  reader.on('error', () => {});
  const { replicationUrl } = base;
  return {
    open: () =>
      logicalChangeSource({
        baseC: reader,
        replicationUrl,
        alias: 'teste',
        pollMillis: 50,
        pageRows: 5,
        asyncCommitMillis: 0, // the cluster commits synchronously
      }),
    owner: base.owner,
    base,
    reader,
    async close() {
      await reader.end();
      await base.close();
    },
  };
}

changeSourceContract('logical decoding', start);

describe('Following by logical decoding', () => {
  let tested: LogicalUnderTest;
  let cpf: Cpf;
  let applied: Applied;
  let source: ReturnType<LogicalUnderTest['open']>;
  let made = 0;
  const index = (): string => `teste-v1-l${made}`;
  beforeAll(async () => void (tested = await start()));
  afterAll(() => tested.close());
  beforeEach(async () => {
    made++;
    cpf = await addTitular(tested.owner);
    source = tested.open();
    const { position, copy } = await source.begin(index());
    const copied: Change[] = [];
    for await (const { changes } of copy(new AbortController().signal)) copied.push(...changes);
    applied = apply(source, index(), position, copied);
  });
  afterEach(async () => {
    await applied.stop();
    await source.forget(index());
    await source.close();
  });

  const slots = async (): Promise<string[]> => {
    const { rows } = await tested.owner.query<{ name: string }>(
      'SELECT slot_name AS name FROM pg_replication_slots ORDER BY 1',
    );
    return rows.map(({ name }) => name);
  };

  it('yields the removal of a posting', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'd-1' }, { id: 'd-2' });
    await applied.upToDate();
    await tested.owner.query("DELETE FROM movimentacao WHERE id = 'd-1'");
    await applied.upToDate();
    expect([applied.rows.has('d-1'), applied.rows.has('d-2')]).toEqual([false, true]);
  });

  it('yields the removal of the postings of a removed person', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'c-1' }, { id: 'c-2' });
    await tested.owner.query('DELETE FROM titular WHERE cpf = $1', [cpf]);
    await applied.upToDate();
    expect([applied.rows.has('c-1'), applied.rows.has('c-2')]).toEqual([false, false]);
  });

  it('yields a posting under its new CPF, and its removal under the old CPF', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'o-1' });
    const other = await addTitular(tested.owner);
    await tested.owner.query("UPDATE movimentacao SET cpf = $1 WHERE id = 'o-1'", [other]);
    await applied.upToDate();
    expect(applied.rows.get('o-1')!.cpf).toBe(other);
    expect(applied.changes).toContainEqual({ version: expect.any(Number), removed: { id: 'o-1', cpf } });
  });

  it('yields a posting under its new id, and the removal of the old id', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'i-1' });
    await tested.owner.query("UPDATE movimentacao SET id = 'i-2' WHERE id = 'i-1'");
    await applied.upToDate();
    expect([applied.rows.has('i-1'), applied.rows.has('i-2')]).toEqual([false, true]);
  });

  it('does so with REPLICA IDENTITY FULL too', async () => {
    await tested.owner.query('ALTER TABLE movimentacao REPLICA IDENTITY FULL');
    await expect(source.check()).resolves.toEqual([]);
    const descricao = Array.from({ length: 4_000 }, (_, i) => (i * 7_919).toString(36)).join(' ');
    await addMovimentacoes(tested.owner, cpf, { id: 'f-1', descricao }, { id: 'f-2' });
    const other = await addTitular(tested.owner);
    await tested.owner.query("UPDATE movimentacao SET cpf = $1 WHERE id = 'f-1'", [other]);
    await tested.owner.query("DELETE FROM movimentacao WHERE id = 'f-2'");
    await applied.upToDate();
    expect(applied.rows.get('f-1')).toMatchObject({ cpf: other, descricao });
    expect(applied.rows.has('f-2')).toBe(false);
    expect(applied.changes).toContainEqual({ version: expect.any(Number), removed: { id: 'f-1', cpf } });
    await tested.owner.query('ALTER TABLE movimentacao REPLICA IDENTITY USING INDEX movimentacao_indexador');
  });

  it('yields the last change of a posting in a transaction last', async () => {
    await inTransaction(tested.owner, async (client) => {
      await insertWith(client, cpf, 'v-1');
      for (const text of ['a', 'b', 'c'])
        await client.query("UPDATE movimentacao SET descricao = $1 WHERE id = 'v-1'", [text]);
      await insertWith(client, cpf, 'v-2');
      await client.query("DELETE FROM movimentacao WHERE id = 'v-2'");
      await client.query('COMMIT');
    });
    await applied.upToDate();
    expect(applied.rows.get('v-1')!.descricao).toBe('c');
    expect(applied.rows.has('v-2')).toBe(false);
  });

  it('yields a complete posting if its long text did not change, which the log omits', async () => {
    const descricao = Array.from({ length: 4_000 }, (_, i) => (i * 7_919).toString(36)).join(' ');
    await addMovimentacoes(tested.owner, cpf, { id: 't-1', descricao });
    await tested.owner.query("UPDATE movimentacao SET valor = 11 WHERE id = 't-1'");
    await applied.upToDate();
    expect(applied.rows.get('t-1')!.descricao).toBe(descricao);
    expect(applied.changes.at(-1)).toMatchObject({ row: { id: 't-1', valor: '11.00', descricao } });
  });

  it('yields every row of a transaction that is larger than a page', async () => {
    await tested.owner.query(
      `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
       SELECT 'g-' || n, $1, '2026-11-20T12:00:00Z', 'DEBITO', 'PIX', 10, 'TRANSACAO_EFETIVADA', '{}'
       FROM generate_series(1, 12000) n`,
      [cpf],
    );
    await applied.upToDate();
    expect([...applied.rows.keys()].filter((id) => id.startsWith('g-'))).toHaveLength(12_000);
  });

  it('loses no change when the next commit directly follows an acknowledged position', async () => {
    // Both write first and commit after one another: between the two commits nothing else is in the log.
    for (let round = 0; round < 8; round++) {
      const [first, second] = [await tested.owner.connect(), await tested.owner.connect()];
      for (const client of [first, second]) await client.query('BEGIN');
      await insertWith(first, cpf, `a-${round}-1`);
      await insertWith(second, cpf, `a-${round}-2`);
      for (const client of [first, second]) await client.query('COMMIT');
      for (const client of [first, second]) client.release();
      await applied.upToDate();
      await applied.stop();
      applied = apply(source, index(), applied.position(), applied.changes);
    }
    await applied.upToDate();
    expect([...applied.rows.keys()].filter((id) => id.startsWith('a-'))).toHaveLength(16);
  });

  it('asks for a rebuild when the table is emptied', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'z-1' });
    await tested.owner.query('TRUNCATE movimentacao');
    await expect(applied.upToDate()).rejects.toThrow(RebuildNeeded);
  });

  it('asks for a rebuild when its slot is gone, or is ahead of the index', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'w-1' });
    await applied.upToDate();
    await applied.upToDate();
    await applied.stop();
    await expect(apply(source, index(), applied.position().replace(/^\d+/, '1')).upToDate()).rejects.toThrow(
      'behind its replication slot',
    );
    await source.forget(index());
    await expect(apply(source, index(), applied.position()).upToDate()).rejects.toThrow('slot of the index is gone');
  });

  it('drops only those slots of its alias that are not kept', async () => {
    await applied.stop();
    const other = logicalChangeSource({
      baseC: tested.reader,
      replicationUrl: tested.base.replicationUrl,
      alias: 'outro',
    });
    await other.begin('outro-v1-1');
    await source.begin(`${index()}x`);
    expect(await slots()).toHaveLength(3);
    await source.forgetOthers([index()]);
    expect(await slots()).toHaveLength(2);
    await other.forgetOthers([]);
    await other.close();
    expect(await slots()).toHaveLength(1);
  });

  it('ignores the rows of other tables of the publication', async () => {
    await tested.owner.query(`
      CREATE TABLE outra (id text PRIMARY KEY, cpf bpchar);
      CREATE SCHEMA arquivo;
      CREATE TABLE arquivo.movimentacao (LIKE movimentacao INCLUDING INDEXES);
      ALTER PUBLICATION pessoa_movimentacao ADD TABLE outra, arquivo.movimentacao`);
    await expect(source.check()).resolves.toEqual([]);
    await addMovimentacoes(tested.owner, cpf, { id: 'x-1' });
    await applied.upToDate();
    const { length } = applied.changes;
    await tested.owner.query(`
      INSERT INTO outra VALUES ('x-1', '1'), ('x-2', '2');
      INSERT INTO arquivo.movimentacao SELECT * FROM movimentacao WHERE id = 'x-1';
      UPDATE outra SET cpf = '3';
      UPDATE arquivo.movimentacao SET descricao = 'outra'`);
    await tested.owner.query('DELETE FROM outra; DELETE FROM arquivo.movimentacao');
    await tested.owner.query('TRUNCATE outra, arquivo.movimentacao');
    await applied.upToDate();
    expect(applied.changes.slice(length)).toEqual([]);
    expect(applied.rows.has('x-1')).toBe(true);
    await tested.owner.query('DROP TABLE outra; DROP SCHEMA arquivo CASCADE');
  });

  it('refuses a publication that omits rows', async () => {
    const only = (rows: string) =>
      tested.owner.query(`ALTER PUBLICATION pessoa_movimentacao SET TABLE movimentacao ${rows}`);
    await only("WHERE (id <> 'x')");
    await expect(source.check()).rejects.toThrow('omits rows of movimentacao');
    await only('');
    await expect(source.check()).resolves.toEqual([]);
  });

  it('gives a posting a lower version than a change that is in the log but not visible yet', async () => {
    await addMovimentacoes(tested.owner, cpf, { id: 'h-1', descricao: 'antes' });
    await applied.upToDate();
    await applied.stop();
    const admin = new pg.Client({ connectionString: tested.base.superuserUrl });
    await admin.connect();
    // Nobody is called so: a commit is written to the log, and waits for a standby's word before anybody sees it.
    const standby = async (name: string): Promise<void> => {
      await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
      await admin.query('SELECT pg_reload_conf()');
      await settled('SELECT $1 = current_setting($2) AS done', [name, 'synchronous_standby_names']);
    };
    const settled = async (text: string, values: string[]): Promise<void> => {
      while (!(await admin.query<{ done: boolean }>(text, values)).rows[0]?.done) await sleep(20);
    };
    const waiting = async (): Promise<number> => {
      const counted = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
      return (await admin.query<{ n: number }>(counted)).rows[0]!.n;
    };
    await standby('ninguem');
    // The server takes the setting over in its own time: once one commit waits, all do.
    const others: Promise<unknown>[] = [];
    while ((await waiting()) === 0) {
      others.push(tested.owner.query("SELECT pg_logical_emit_message(true, 'teste', 'x')"));
      await sleep(100);
    }
    const before = await waiting();
    const change = tested.owner.query("UPDATE movimentacao SET descricao = 'depois' WHERE id = 'h-1'");
    while ((await waiting()) === before) await sleep(20);
    const versions = await source.versionsOf(['h-1'], index(), applied.position());
    const { rows } = await tested.reader.query("SELECT descricao FROM movimentacao WHERE id = 'h-1'");
    expect(rows).toEqual([{ descricao: 'antes' }]);
    await standby('');
    await Promise.all([change, ...others]);
    await admin.end();
    applied = apply(source, index(), applied.position(), applied.changes);
    await applied.upToDate();
    expect(applied.rows.get('h-1')).toMatchObject({ descricao: 'depois' });
    expect(versions.get('h-1')).toBeLessThan(applied.rows.get('h-1')!.version);
  });

  it('lets PostgreSQL discard its acknowledged log, also when only other tables change', async () => {
    await applied.upToDate();
    await tested.owner.query("CREATE TABLE outra AS SELECT repeat('x', 100) AS x FROM generate_series(1, 2000)");
    const { rows } = await tested.owner.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    const confirmed = async (): Promise<number> => {
      const answer = await tested.owner.query<{ lsn: string }>(
        'SELECT confirmed_flush_lsn::text AS lsn FROM pg_replication_slots',
      );
      return parseLsn(answer.rows[0]!.lsn);
    };
    while ((await confirmed()) < parseLsn(rows[0]!.lsn)) await applied.upToDate();
    await tested.owner.query('DROP TABLE outra');
  });

  it('limits the time of each statement, and waits longer only for active transactions when it creates a slot', async () => {
    await applied.stop();
    const { replicationUrl } = tested.base;
    const statementMillis = 1_000;
    const hasty = logicalChangeSource({ baseC: tested.reader, replicationUrl, alias: 'outro', statementMillis });
    const admin = new pg.Client({ connectionString: tested.base.superuserUrl });
    await admin.connect();
    await admin.query('BEGIN; LOCK pg_publication IN ACCESS EXCLUSIVE MODE');
    await expect(hasty.check()).rejects.toThrow('statement timeout');
    await admin.query('ROLLBACK');
    await admin.end();
    await inTransaction(tested.owner, async (client) => {
      await insertWith(client, cpf, 'y-1');
      const beginning = hasty.begin('outro-v1-1');
      await sleep(4 * statementMillis);
      await client.query('COMMIT');
      await expect(beginning).resolves.toMatchObject({ position: expect.stringMatching(/^\d+@[0-9a-f]+$/) });
    });
    await hasty.forgetOthers([]);
    await hasty.close();
  });

  it('names everything that the base lacks', async () => {
    await tested.owner.query(`DROP PUBLICATION pessoa_movimentacao; ALTER TABLE movimentacao REPLICA IDENTITY DEFAULT`);
    await expect(source.check()).rejects.toThrow(/no publication pessoa_movimentacao[\s\S]*replica identity/);
    await tested.owner.query(GRANTED.replace(/CREATE UNIQUE[^;]*;/, ''));
    await expect(source.check()).resolves.toEqual([]);
  });
});

describe('An LSN', () => {
  it('is read as a number and written as PostgreSQL writes it', () => {
    for (const text of ['0/0', '0/16B3748', '16/B374D848', 'FFFF/FFFFFFFF'])
      expect(formatLsn(parseLsn(text))).toBe(text);
    expect(parseLsn('1/0') - parseLsn('0/FFFFFFFF')).toBe(1);
  });
});
