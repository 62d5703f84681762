import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { baseA } from '@pessoa/bases/base-a';
import { baseB } from '@pessoa/bases/base-b';
import { baseC } from '@pessoa/bases/base-c';
import { PrismaClient } from '@pessoa/debt/generated/prisma/client';
import { type Base, openBase } from '@pessoa/subgraph/base/base';
import { setInDatabase } from '@pessoa/testkit/database-settings';
import { clusterInfo } from '@pessoa/testkit/test-bases';
import pg from 'pg';

const document = readFileSync(new URL('../../docs/bases.md', import.meta.url), 'utf8');

/** The statements under a heading of a base in docs/bases.md. */
const statements = (base: string, heading: string): string =>
  document.split(`\n## ${base}\n`)[1]!.split(`\n### ${heading}\n`)[1]!.split('```sql\n')[1]!.split('```')[0]!;

const bases = {
  'Base A': { role: 'base_a', ...baseA },
  'Base B': { role: 'base_b', ...baseB },
  'Base C': { role: 'base_c', ...baseC },
} as const;

/** A database that only the statements of the document have made. */
async function openDocumentedBase(name: keyof typeof bases, databaseOptions = "ENCODING 'UTF8'") {
  const { role, ...contract } = bases[name];
  const { superuserUrl, roleUrls } = clusterInfo();
  const database = `contrato_${randomBytes(6).toString('hex')}`;
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const admin = new pg.Pool({ connectionString: superuserUrl, max: 1 });
  await admin.query(`CREATE DATABASE ${database} TEMPLATE template0 ${databaseOptions}`);
  const owner = new pg.Pool({ connectionString: at(superuserUrl), max: 1 });
  owner.on('error', () => {});
  await owner.query(statements(name, 'In SQL'));
  await owner.query(statements(name, 'Grants'));
  const readerUrl = at(roleUrls[`${role}_reader`]!);
  const open = (url = readerUrl): Base<PrismaClient> =>
    openBase({
      url,
      fonte: 'divida',
      budget: { acquireMillis: 10_000, statementMillis: 10_000 },
      connections: 1,
      ...contract,
      createClient: (adapter) => new PrismaClient({ adapter }),
    });
  return {
    owner,
    readerUrl,
    ownerUrl: at(superuserUrl),
    async faults(url?: string): Promise<string[]> {
      const base = open(url);
      return base.contractFaults().finally(() => base.close());
    },
    async missingIndexes(): Promise<string[]> {
      const base = open();
      return base.missingIndexes().finally(() => base.close());
    },
    async drop() {
      await owner.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}

type Documented = Awaited<ReturnType<typeof openDocumentedBase>>;

describe.each(['Base A', 'Base B', 'Base C'] as const)('The SQL of docs/bases.md for %s', (name) => {
  it('creates a base that passes the contract check', async () => {
    const base = await openDocumentedBase(name);
    expect(await base.faults()).toEqual([]);
    await base.drop();
  });

  it('creates every index that the service expects; a dropped one is reported', async () => {
    const base = await openDocumentedBase(name);
    expect(await base.missingIndexes()).toEqual([]);
    const { rows } = await base.owner.query<{ name: string }>(
      "SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' AND indexdef NOT LIKE 'CREATE UNIQUE%'",
    );
    for (const { name: index } of rows) await base.owner.query(`DROP INDEX "${index}"`);
    const missingIndexes = await base.missingIndexes();
    expect(missingIndexes).toHaveLength(rows.length);
    // The statement in the log creates it.
    for (const ddl of missingIndexes) await base.owner.query(ddl);
    expect(await base.missingIndexes()).toEqual([]);
    await base.drop();
  });
});

describe('The check of indexes', () => {
  let base: Documented;
  beforeAll(async () => void (base = await openDocumentedBase('Base C')));
  afterAll(() => base.drop());
  const DDL = 'CREATE INDEX CONCURRENTLY ON "public"."consulta" (cpf, data_hora DESC, id DESC)';

  it.each([
    ['another order of columns', 'ON consulta (data_hora DESC, cpf, id DESC)', [DDL]],
    ['directions that no scan gives', 'ON consulta (cpf, data_hora DESC, id)', [DDL]],
    ['too few columns', 'ON consulta (cpf, data_hora DESC)', [DDL]],
    ['a part of the rows', 'ON consulta (cpf, data_hora DESC, id DESC) WHERE pelo_titular', [DDL]],
    ['an expression', 'ON consulta ((cpf::text), data_hora DESC, id DESC)', [DDL]],
    ['columns that it only carries', 'ON consulta (cpf) INCLUDE (data_hora, id)', [DDL]],
    ['another kind of index', 'ON consulta USING brin (cpf, data_hora, id)', [DDL]],
    ['the same backwards', 'ON consulta (cpf DESC, data_hora, id)', []],
    ['more columns after it', 'ON consulta (cpf, data_hora DESC, id DESC, finalidade)', []],
  ])('judges %s', async (_, index, isMissing) => {
    await base.owner.query('DROP INDEX IF EXISTS consulta_cpf_data_hora_id_idx, outro');
    await base.owner.query(`CREATE INDEX outro ${index}`);
    expect(await base.missingIndexes()).toEqual(isMissing);
  });

  it('reports no index for a view, and none CONCURRENTLY for a partitioned table', async () => {
    await base.owner.query(`
      ALTER TABLE consulta RENAME TO consulta_inteira; CREATE VIEW consulta AS SELECT * FROM consulta_inteira;
      GRANT SELECT ON consulta TO base_c_reader`);
    expect(await base.missingIndexes()).toEqual([]);
    await base.owner.query(`
      DROP VIEW consulta; CREATE TABLE consulta (LIKE consulta_inteira) PARTITION BY HASH (cpf);
      GRANT SELECT ON consulta TO base_c_reader`);
    expect(await base.missingIndexes()).toEqual([DDL.replace('CONCURRENTLY ', '')]);
  });
});

describe('The check of the contract', () => {
  let base: Documented;
  beforeAll(async () => void (base = await openDocumentedBase('Base C')));
  afterAll(() => base.drop());

  it.each([
    ['microseconds', 'ALTER TABLE movimentacao ALTER data_hora TYPE timestamptz', 'movimentacao.data_hora (is timestamp with time zone, must be timestamptz(3))'],
    ['an instant without a zone', 'ALTER TABLE consulta ALTER data_hora TYPE timestamp(3)', 'consulta.data_hora (is timestamp(3) without time zone, must be timestamptz(3))'],
    ['more places than centavos', 'ALTER TABLE movimentacao ALTER valor TYPE numeric(19,4)', 'movimentacao.valor (is numeric(19,4), must be numeric(17,2))'],
    ['floating-point money', 'ALTER TABLE movimentacao ALTER saldo_apos TYPE real', 'movimentacao.saldo_apos (is real, must be numeric(17,2))'],
    ['a CPF with blanks', 'ALTER TABLE consulta ALTER cpf TYPE char(14)', 'consulta.cpf (is character(14), must be char(11))'],
    ['a text filled up with blanks', 'ALTER TABLE movimentacao ALTER situacao TYPE char(30)', 'movimentacao.situacao (is character(30), must be text)'],
    ['a code cut short', 'ALTER TABLE compra_cartao ALTER mcc TYPE varchar(3)', 'compra_cartao.mcc (is character varying(3), must be char(4))'],
    ['words filled up with blanks', 'ALTER TABLE movimentacao ALTER palavras TYPE char(20)[]', 'movimentacao.palavras (is character(20)[], must be text[])'],
    ['a wider number', 'ALTER TABLE compra_cartao ALTER parcelas TYPE bigint', 'compra_cartao.parcelas (is bigint, must be integer)'],
    ['a domain over microseconds', 'CREATE DOMAIN momento AS timestamptz; CREATE DOMAIN hora AS momento; ALTER TABLE consulta ALTER data_hora TYPE hora', 'consulta.data_hora (is timestamp with time zone, must be timestamptz(3))'],
    ['no key', 'ALTER TABLE titular DROP CONSTRAINT titular_pkey', 'titular.cpf (must be unique and not null: a primary key, or a unique index on it alone)'],
    ['a key with another column', 'ALTER TABLE movimentacao DROP CONSTRAINT movimentacao_pkey, ADD PRIMARY KEY (id, cpf)', 'movimentacao.id (must be unique and not null: a primary key, or a unique index on it alone)'],
    ['a key that holds for a part', 'ALTER TABLE consulta DROP CONSTRAINT consulta_pkey; CREATE UNIQUE INDEX ON consulta (id) WHERE pelo_titular', 'consulta.id (must be unique and not null: a primary key, or a unique index on it alone)'],
    ['a key that may be null', 'ALTER TABLE consulta DROP CONSTRAINT consulta_pkey, ALTER id DROP NOT NULL, ADD UNIQUE (id)', 'consulta.id (must be unique and not null: a primary key, or a unique index on it alone)'],
    ['texts that count as equal', "CREATE COLLATION sem_caixa (provider = icu, locale = 'und-u-ks-level2', deterministic = false); ALTER TABLE movimentacao ALTER id TYPE text COLLATE sem_caixa", 'movimentacao.id (its collation treats different texts as equal: it must be deterministic)'],
    ['a column kept from the role', 'REVOKE SELECT (canal) ON movimentacao FROM base_c_reader', 'movimentacao.canal'],
    ['a right to change a column', 'GRANT UPDATE (tipo) ON movimentacao TO base_c_reader', 'movimentacao (our role may change it: it must only read)'],
    ['a right to empty a table', 'GRANT TRUNCATE ON titular TO base_c_reader', 'titular (our role may change it: it must only read)'],
    ['rows hidden from the role', 'ALTER TABLE compra_cartao ENABLE ROW LEVEL SECURITY', 'compra_cartao (row security may hide rows from our role: it must see all)'],
  ])('refuses %s', async (_, change, fault) => {
    const session = await base.owner.connect();
    // The reader has its own session, so the change is committed, and the base is created anew afterwards.
    await session.query(change);
    session.release();
    expect(await base.faults()).toEqual([fault]);
    await base.drop();
    base = await openDocumentedBase('Base C');
  }); // prettier-ignore

  it('refuses a superuser', async () => {
    expect(await base.faults(base.ownerUrl)).toEqual(['a role that may only read (it is a superuser)']);
  });

  it.each(['SQL_ASCII', 'LATIN1'])('refuses a database in %s', async (encoding) => {
    const other = await openDocumentedBase('Base C', `ENCODING '${encoding}' LOCALE 'C'`);
    expect(await other.faults()).toEqual([`a database in UTF8 (it is in ${encoding})`]);
    await other.drop();
  });

  it('accepts views, which have no keys, and tables in another schema', async () => {
    await base.owner.query(`
      CREATE SCHEMA bureau; ALTER TABLE movimentacao SET SCHEMA bureau; ALTER TABLE titular SET SCHEMA bureau;
      GRANT USAGE ON SCHEMA bureau TO base_c_reader; REVOKE ALL ON bureau.titular FROM base_c_reader;
      CREATE VIEW titular AS SELECT cpf FROM bureau.titular; GRANT SELECT ON titular TO base_c_reader`);
    await setInDatabase(base.readerUrl, { search_path: 'nowhere' });
    expect(await base.faults()).toEqual([]);
  });
});
