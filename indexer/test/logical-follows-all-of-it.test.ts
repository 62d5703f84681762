import type { Cpf } from '@pessoa/domain/cpf';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import pg from 'pg';
import { type Change, RebuildNeeded } from '../src/change-source.ts';
import { logicalChangeSource } from '../src/logical-change-source.ts';
import { type Applied, apply } from './change-source-contract.ts';
import { GRANTED, type LogicalBase, startLogicalBase } from './logical-cluster.ts';

describe('Following Base C by its log misses no change unnoticed: it', () => {
  let base: LogicalBase;
  let reader: pg.Pool;
  let source: ReturnType<typeof logicalChangeSource>;
  let applied: Applied;
  let cpf: Cpf;
  let made = 0;
  const index = (): string => `teste-v1-f${made}`;
  const open = () =>
    logicalChangeSource({
      baseC: reader,
      replicationUrl: base.replicationUrl,
      alias: 'teste',
      pollMillis: 50,
      asyncCommitMillis: 0, // the cluster commits synchronously
    });
  const begin = async (): Promise<Applied> => {
    made++;
    const { position, copy } = await source.begin(index());
    const copied: Change[] = [];
    for await (const { changes } of copy(new AbortController().signal)) copied.push(...changes);
    return apply(source, index(), position, copied);
  };
  beforeAll(async () => {
    base = await startLogicalBase();
    reader = new pg.Pool({ connectionString: base.readerUrl, max: 4 });
    reader.on('error', () => {}); // its server is stopped
    source = open();
    cpf = await addTitular(base.owner);
  }, 240_000);
  afterAll(async () => {
    await source?.close();
    await reader?.end();
    await base.close();
  });
  beforeEach(async () => void (applied = await begin()));
  afterEach(async () => {
    await applied.stop();
    await source.forgetOthers([]);
  });

  const add = (id: string) => addMovimentacoes(base.owner, cpf, { id });

  /** What an owner does; a posting is written meanwhile that the log does not, or not so, tell of. */
  const cases: [string, { does: string[]; mends?: string[]; fault: string | RegExp }][] = [
    [
      'a table taken out of the publication',
      {
        does: ['ALTER PUBLICATION pessoa_movimentacao DROP TABLE movimentacao'],
        mends: ['ALTER PUBLICATION pessoa_movimentacao ADD TABLE movimentacao'],
        fault: 'ALTER PUBLICATION pessoa_movimentacao ADD TABLE movimentacao',
      },
    ],
    [
      'a table taken out and put back before anybody looked',
      {
        does: [
          'ALTER PUBLICATION pessoa_movimentacao DROP TABLE movimentacao',
          "UPDATE movimentacao SET descricao = 'nunca vista'",
          'ALTER PUBLICATION pessoa_movimentacao ADD TABLE movimentacao',
        ],
        fault: 'what is published of it is not what was indexed',
      },
    ],
    [
      'a publication made anew',
      {
        does: ['DROP PUBLICATION pessoa_movimentacao', 'CREATE PUBLICATION pessoa_movimentacao FOR TABLE movimentacao'],
        fault: /is not what was indexed|does not exist/,
      },
    ],
    [
      'a publication that left out removals for a while',
      {
        does: [
          "ALTER PUBLICATION pessoa_movimentacao SET (publish = 'insert, update')",
          "ALTER PUBLICATION pessoa_movimentacao SET (publish = 'insert, update, delete, truncate')",
        ],
        fault: 'is not what was indexed',
      },
    ],
    [
      'a publication with a filter',
      {
        does: ["ALTER PUBLICATION pessoa_movimentacao SET TABLE movimentacao WHERE (id <> 'x')"],
        mends: ['ALTER PUBLICATION pessoa_movimentacao SET TABLE movimentacao'],
        fault: 'has a filter and omits rows of movimentacao',
      },
    ],
    [
      'a table that another one took the place of',
      {
        does: [
          `ALTER TABLE movimentacao RENAME TO movimentacao_velha; CREATE TABLE movimentacao (LIKE movimentacao_velha INCLUDING ALL);
           GRANT SELECT ON movimentacao TO base_c_reader; INSERT INTO movimentacao SELECT * FROM movimentacao_velha`,
        ],
        mends: [
          `DROP TABLE movimentacao; ALTER TABLE movimentacao_velha RENAME TO movimentacao`,
          'ALTER PUBLICATION pessoa_movimentacao SET TABLE movimentacao',
        ],
        fault: 'there is no publication pessoa_movimentacao of movimentacao',
      },
    ],
    [
      'a view in place of the table',
      {
        does: [
          `ALTER TABLE movimentacao RENAME TO movimentacao_velha; CREATE VIEW movimentacao AS SELECT * FROM movimentacao_velha;
           GRANT SELECT ON movimentacao TO base_c_reader`,
        ],
        mends: ['DROP VIEW movimentacao; ALTER TABLE movimentacao_velha RENAME TO movimentacao'],
        fault: 'movimentacao is not a table',
      },
    ],
    [
      'values written anew without a word in the log',
      {
        does: ['ALTER TABLE movimentacao ALTER COLUMN valor TYPE numeric(17,2) USING valor * 100'],
        fault: 'is not what was indexed',
      },
    ],
    [
      'a replica identity without the CPF',
      {
        does: ['ALTER TABLE movimentacao REPLICA IDENTITY DEFAULT'],
        mends: ['ALTER TABLE movimentacao REPLICA IDENTITY USING INDEX movimentacao_indexador'],
        fault: /the replica identity of movimentacao/,
      },
    ],
    [
      'row security that came later',
      {
        does: ['ALTER TABLE movimentacao ENABLE ROW LEVEL SECURITY'],
        mends: ['ALTER TABLE movimentacao DISABLE ROW LEVEL SECURITY'],
        fault: 'row security may keep postings from the role of BASE_C_URL',
      },
    ],
  ];

  it.each(cases)('needs another index and names the reason: %s', async (_, { does, mends, fault }) => {
    await add(`f-${made}`);
    await applied.upToDate();
    for (const statement of does) await base.owner.query(statement);
    await expect(applied.upToDate()).rejects.toThrow(fault);
    const position = applied.position();
    await applied.stop();
    // Whoever comes later, or asks only, finds the same.
    await expect(apply(source, index(), position).upToDate()).rejects.toThrow(RebuildNeeded);
    expect(await source.faults(index(), position)).toEqual([expect.any(String)]);
    for (const statement of mends ?? []) await base.owner.query(statement);
    await source.check();
    applied = await begin();
    await add(`f-${made}`);
    await applied.upToDate();
    const { rows } = await base.owner.query<{ id: string }>('SELECT id FROM movimentacao ORDER BY id');
    expect([...applied.rows.keys()].toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(await source.faults(index(), applied.position())).toEqual([]);
  });

  it('does not start with a base that it cannot follow, and names the statement that mends it', async () => {
    await base.owner.query('ALTER PUBLICATION pessoa_movimentacao DROP TABLE movimentacao');
    await expect(source.check()).rejects.toThrow('ALTER PUBLICATION pessoa_movimentacao ADD TABLE movimentacao');
    await base.owner.query('ALTER PUBLICATION pessoa_movimentacao ADD TABLE movimentacao');
  });

  it('continues over harmless changes: rights, comments, other columns, a temporary name', async () => {
    await base.owner.query(`
      GRANT SELECT (id) ON movimentacao TO base_c_reader; COMMENT ON TABLE movimentacao IS 'lançamentos';
      ALTER TABLE movimentacao ADD COLUMN obs text; ANALYZE movimentacao`);
    await base.owner.query(
      'ALTER TABLE movimentacao ALTER COLUMN obs SET STATISTICS 10; ALTER TABLE movimentacao DROP COLUMN obs',
    );
    await base.owner.query(`
      BEGIN; ALTER TABLE movimentacao RENAME TO outra;
      INSERT INTO outra (id, cpf, data_hora, natureza, tipo, valor, situacao) VALUES ('renamed', '${cpf}', '2026-11-20T12:00:00Z', 'DEBITO', 'PIX', 1, 'TRANSACAO_EFETIVADA');
      ALTER TABLE outra RENAME TO movimentacao; COMMIT`);
    await applied.upToDate();
    expect(applied.rows.has('renamed')).toBe(true);
  });

  it('reads columns of a domain type like columns of its base type', async () => {
    await base.owner.query(`
      CREATE DOMAIN instante AS timestamptz(3); CREATE DOMAIN palavra_lista AS text[]; CREATE DOMAIN quantia AS numeric(17,2) CHECK (value >= 0);
      CREATE DOMAIN documento AS char(11); CREATE DOMAIN texto AS text; CREATE DOMAIN texto_curto AS texto CHECK (length(value) < 50);
      ALTER TABLE movimentacao ALTER data_hora TYPE instante, ALTER palavras TYPE palavra_lista, ALTER valor TYPE quantia,
        ALTER saldo_apos TYPE quantia, ALTER tipo TYPE texto_curto`);
    await expect(applied.upToDate()).rejects.toThrow(RebuildNeeded);
    applied = await begin();
    const own = { id: 'dominio', data_hora: '2026-11-20T12:34:56.789Z', descricao: 'São João' };
    await addMovimentacoes(base.owner, cpf, own);
    await applied.upToDate();
    const change = applied.changes.findLast((candidate) => 'row' in candidate && candidate.row.id === 'dominio');
    const { rows } = await reader.query(
      "SELECT data_hora, valor, palavras, tipo FROM movimentacao WHERE id = 'dominio'",
    );
    expect(change).toMatchObject({ row: rows[0] as object });
    expect((rows[0] as { data_hora: unknown }).data_hora).toBeInstanceOf(Date);
  });

  it('follows a partitioned table by its root, and asks for a rebuild when a table with rows becomes a partition', async () => {
    await base.owner.query(`
      DROP PUBLICATION pessoa_movimentacao; DROP INDEX movimentacao_indexador; ALTER TABLE movimentacao RENAME TO inteira;
      CREATE TABLE movimentacao (LIKE inteira, PRIMARY KEY (id, cpf)) PARTITION BY RANGE (id);
      CREATE TABLE movimentacao_m PARTITION OF movimentacao FOR VALUES FROM ('a') TO ('n');
      CREATE TABLE movimentacao_z PARTITION OF movimentacao FOR VALUES FROM ('n') TO ('zz');
      ALTER TABLE movimentacao DROP COLUMN versao; GRANT SELECT ON movimentacao TO base_c_reader`);
    await base.owner.query('CREATE PUBLICATION pessoa_movimentacao FOR TABLE movimentacao');
    await expect(source.check()).rejects.toThrow('there is no publication');
    await base.owner.query('ALTER PUBLICATION pessoa_movimentacao SET (publish_via_partition_root = true)');
    await source.check();
    await applied.stop();
    applied = await begin();
    await add('parte');
    await base.owner.query("UPDATE movimentacao SET valor = 7 WHERE id = 'parte'");
    await applied.upToDate();
    expect(applied.rows.has('parte')).toBe(true);
    await base.owner.query(`
      ALTER TABLE movimentacao DETACH PARTITION movimentacao_m;
      ALTER TABLE movimentacao ATTACH PARTITION movimentacao_m FOR VALUES FROM ('a') TO ('n')`);
    await base.owner.query('CREATE TABLE movimentacao_0 (LIKE movimentacao INCLUDING ALL)');
    await applied.upToDate();
    await base.owner.query("ALTER TABLE movimentacao ATTACH PARTITION movimentacao_0 FOR VALUES FROM ('0') TO ('9')");
    await expect(applied.upToDate()).rejects.toThrow(RebuildNeeded);
    await base.owner.query(
      'DROP TABLE movimentacao; ALTER TABLE inteira RENAME TO movimentacao; DROP PUBLICATION pessoa_movimentacao',
    );
    await base.owner.query(GRANTED);
  });
});
