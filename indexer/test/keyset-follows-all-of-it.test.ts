import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { RebuildNeeded } from '../src/change-source.ts';
import { keysetChangeSource } from '../src/keyset-change-source.ts';
import { type Applied, apply } from './change-source-contract.ts';

const ALWAYS = 'ALTER TABLE movimentacao ENABLE ALWAYS TRIGGER movimentacao_versao';
const anewTrigger = (at: string): string =>
  `DROP TRIGGER movimentacao_versao ON movimentacao; CREATE TRIGGER movimentacao_versao ${at} EXECUTE FUNCTION movimentacao_versao(); ${ALWAYS}`;
const RIGHT = 'BEFORE INSERT OR UPDATE ON movimentacao FOR EACH ROW';

describe('Following Base C by its numbers misses no change unnoticed: it', () => {
  let bases: TestBases;
  let reader: pg.Pool;
  let applied: Applied;
  beforeAll(async () => {
    bases = await openTestBases();
    reader = new pg.Pool({ connectionString: bases.baseC.readerUrl, max: 4 });
    await addMovimentacoes(bases.baseC.owner, await addTitular(bases.baseC.owner), { id: 'a' }, { id: 'b' });
    for (let time = 0; time < 5; time++) await does('UPDATE movimentacao SET valor = valor + 1');
  });
  afterAll(async () => {
    await reader.end();
    await bases.drop();
  });
  beforeEach(async () => void (applied = await begin()));
  afterEach(() => applied.stop());

  const open = () => keysetChangeSource(reader, { pollMillis: 20 });
  const does = (statement: string): Promise<unknown> => bases.baseC.owner.query(statement);
  async function begin(): Promise<Applied> {
    const { position } = await open().begin('');
    const begun = apply(open(), '', position);
    for (let look = 0; look < 3; look++) await begun.upToDate();
    return begun;
  }

  /** What an owner does, and what a change then would not show. */
  const cases: [string, { does: string; mends?: string; fault: string }][] = [
    [
      'a trigger that sessions which replay leave out',
      {
        does: 'ALTER TABLE movimentacao ENABLE TRIGGER movimentacao_versao',
        mends: ALWAYS,
        fault: `no trigger of movimentacao fires always before each insert and update of any column: ${ALWAYS}`,
      },
    ],
    [
      'a trigger that is off',
      {
        does: "ALTER TABLE movimentacao DISABLE TRIGGER movimentacao_versao; UPDATE movimentacao SET descricao = 'nunca vista'",
        mends: ALWAYS,
        fault: ALWAYS,
      },
    ],
    [
      'a trigger that was off before anybody looked',
      {
        does: `BEGIN; ALTER TABLE movimentacao DISABLE TRIGGER movimentacao_versao; UPDATE movimentacao SET descricao = 'nunca vista'; ${ALWAYS}; COMMIT`,
        fault: 'is not what was indexed',
      },
    ],
    [
      'a trigger of some columns',
      {
        does: anewTrigger('BEFORE INSERT OR UPDATE OF valor ON movimentacao FOR EACH ROW'),
        mends: anewTrigger(RIGHT),
        fault: 'no trigger of movimentacao fires always',
      },
    ],
    [
      'a trigger of some rows',
      {
        does: anewTrigger(`${RIGHT} WHEN (NEW.valor > 0)`),
        mends: anewTrigger(RIGHT),
        fault: 'no trigger of movimentacao fires always',
      },
    ],
    [
      'a function that gave other numbers for a while',
      {
        does: `CREATE OR REPLACE FUNCTION movimentacao_versao() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$`,
        mends: `CREATE OR REPLACE FUNCTION movimentacao_versao() RETURNS trigger LANGUAGE plpgsql
          AS $$BEGIN PERFORM pg_current_xact_id(); NEW.versao := nextval('public.movimentacao_versao_seq'); RETURN NEW; END$$`,
        fault: 'is not what was indexed',
      },
    ],
    [
      'a sequence of which sessions take numbers ahead',
      {
        does: 'ALTER SEQUENCE movimentacao_versao_seq CACHE 50',
        mends: 'ALTER SEQUENCE movimentacao_versao_seq CACHE 1',
        fault:
          'sessions take 50 numbers of movimentacao_versao_seq ahead: ALTER SEQUENCE movimentacao_versao_seq CACHE 1',
      },
    ],
    [
      'a sequence that begins again',
      {
        does: 'ALTER SEQUENCE movimentacao_versao_seq CYCLE',
        mends: 'ALTER SEQUENCE movimentacao_versao_seq NO CYCLE',
        fault: 'ALTER SEQUENCE movimentacao_versao_seq NO CYCLE',
      },
    ],
    [
      'a sequence that counts down',
      {
        does: 'ALTER SEQUENCE movimentacao_versao_seq INCREMENT -1',
        mends: 'ALTER SEQUENCE movimentacao_versao_seq INCREMENT 1',
        fault: 'ALTER SEQUENCE movimentacao_versao_seq INCREMENT 1',
      },
    ],
    [
      'a sequence that was set back',
      {
        does: "SELECT setval('movimentacao_versao_seq', 1); UPDATE movimentacao SET descricao = 'nunca vista' WHERE id = 'a'",
        mends: "SELECT setval('movimentacao_versao_seq', (SELECT max(versao) FROM movimentacao))",
        fault: "SELECT setval('movimentacao_versao_seq', (SELECT max(versao) FROM movimentacao))",
      },
    ],
    [
      'a sequence that was restarted further on, and went past what it had',
      {
        does: `ALTER SEQUENCE movimentacao_versao_seq RESTART 1; UPDATE movimentacao SET descricao = 'nunca vista' WHERE id = 'a';
          SELECT setval('movimentacao_versao_seq', 1000)`,
        fault: 'is not what was indexed',
      },
    ],
    [
      'postings below the first number',
      {
        does: `ALTER TABLE movimentacao DISABLE TRIGGER movimentacao_versao;
          UPDATE movimentacao SET versao = 0, descricao = 'nunca vista' WHERE id = 'a'; ${ALWAYS}`,
        mends: 'UPDATE movimentacao SET versao = versao WHERE versao < 1',
        fault: 'UPDATE movimentacao SET versao = versao WHERE versao < 1',
      },
    ],
    [
      'postings that may be without a number',
      {
        does: 'ALTER TABLE movimentacao ALTER COLUMN versao DROP NOT NULL',
        mends: 'ALTER TABLE movimentacao ALTER COLUMN versao SET NOT NULL',
        fault: 'versao may be null: ALTER TABLE movimentacao ALTER COLUMN versao SET NOT NULL',
      },
    ],
    [
      'a sequence that is no longer where the function of the trigger takes it from',
      {
        does: 'ALTER SEQUENCE movimentacao_versao_seq RENAME TO outra_seq',
        mends: 'ALTER SEQUENCE outra_seq RENAME TO movimentacao_versao_seq',
        fault: 'takes its numbers from public.movimentacao_versao_seq, which is not there',
      },
    ],
    [
      'row security',
      {
        does: 'ALTER TABLE movimentacao ENABLE ROW LEVEL SECURITY',
        mends: 'ALTER TABLE movimentacao DISABLE ROW LEVEL SECURITY',
        fault: 'row security may keep postings from the role of BASE_C_URL: ALTER ROLE … BYPASSRLS',
      },
    ],
    [
      'a table with postings that becomes a part of ours',
      {
        does: `CREATE TABLE movimentacao_velha (LIKE movimentacao INCLUDING ALL);
          INSERT INTO movimentacao_velha SELECT * FROM movimentacao; UPDATE movimentacao_velha SET id = 'velha-' || id, versao = 0;
          ALTER TABLE movimentacao_velha INHERIT movimentacao`,
        mends: `ALTER TABLE movimentacao_velha NO INHERIT movimentacao`,
        fault: 'no trigger of movimentacao_velha fires always',
      },
    ],
  ];

  it.each(cases)('needs another index and names the reason: %s', async (_, { does: statement, mends, fault }) => {
    await does(statement);
    await expect(applied.upToDate()).rejects.toThrow(fault);
    await expect(applied.upToDate()).rejects.toThrow(RebuildNeeded);
    const position = applied.position();
    await applied.stop();
    // Whoever comes later, or asks only, finds the same.
    expect(await open().faults('', position)).toEqual([expect.stringContaining(fault)]);
    if (mends) await does(mends);
    await open().check();
    applied = await begin();
    const { rows } = await bases.baseC.owner.query<{ id: string; descricao: string | null }>(
      'SELECT id, descricao FROM movimentacao ORDER BY id',
    );
    expect(
      [...applied.rows].map(([id, { descricao }]) => ({ id, descricao })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ).toEqual(rows);
    expect(await open().faults('', applied.position())).toEqual([]);
  });

  it('warns at the start if no index begins with the numbers, and names the statement that creates one', async () => {
    expect(await open().check()).toEqual([]);
    await does('DROP INDEX movimentacao_versao_idx');
    const [warning, ...others] = await open().check();
    expect(others).toEqual([]);
    const statement = 'CREATE INDEX CONCURRENTLY movimentacao_versao_idx ON movimentacao (versao)';
    expect(warning).toBe(`no index begins with versao: ${statement}`);
    await does('CREATE INDEX movimentacao_versao_idx ON movimentacao (versao) WHERE versao > 5');
    expect(await open().check()).toEqual([warning]);
    await does('DROP INDEX movimentacao_versao_idx');
    await does(statement);
    expect(await open().check()).toEqual([]);
  });

  it('continues over harmless changes: rights, comments, other columns and triggers, unused numbers', async () => {
    await does(`
      GRANT SELECT (id) ON movimentacao TO base_c_reader; COMMENT ON TABLE movimentacao IS 'lançamentos';
      ALTER TABLE movimentacao ADD COLUMN obs text; SELECT nextval('movimentacao_versao_seq');
      CREATE FUNCTION nada() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
      CREATE TRIGGER depois AFTER INSERT ON movimentacao FOR EACH ROW EXECUTE FUNCTION nada()`);
    await does('ANALYZE movimentacao');
    await does("UPDATE movimentacao SET descricao = 'vista' WHERE id = 'a'");
    await applied.upToDate();
    expect(applied.rows.get('a')).toMatchObject({ descricao: 'vista' });
  });

  it('continues from a position of an older version, which has no mark of the numbering', async () => {
    const [settled, base] = applied.position().split('@');
    await applied.stop();
    applied = apply(open(), '', `${settled}@${base}`);
    await applied.upToDate();
    expect(applied.position()).toMatch(/^\d+@[0-9a-f]{16}@[0-9a-f]{16}$/);
    await does('ALTER TABLE movimentacao DISABLE TRIGGER movimentacao_versao');
    await expect(applied.upToDate()).rejects.toThrow(RebuildNeeded);
    await does(ALWAYS);
  });

  it('follows without a right on the sequence, and reports the other faults', async () => {
    await does('REVOKE SELECT ON SEQUENCE movimentacao_versao_seq FROM base_c_reader');
    await applied.upToDate();
    await does('ALTER SEQUENCE movimentacao_versao_seq RESTART 1');
    await expect(applied.upToDate()).rejects.toThrow('is not what was indexed');
  });
});
