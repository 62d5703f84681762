import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { findTablesByCatalogue, searchPathOf } from '../src/table-schemas.ts';

describe('Tables are found by the catalogue', () => {
  let bases: TestBases;
  const pools: pg.Pool[] = [];
  beforeEach(async () => {
    bases = await openTestBases();
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await bases.drop();
  });

  const owner = (...statements: string[]): Promise<unknown> => bases.baseC.owner.query(statements.join(';'));
  const database = (): string => new URL(bases.baseC.readerUrl).pathname.slice(1);
  function asReader(): pg.Pool {
    const pool = new pg.Pool({ connectionString: bases.baseC.readerUrl, max: 2 });
    pools.push(pool);
    findTablesByCatalogue(pool, ['titular', 'movimentacao']);
    return pool;
  }
  const schemaOf = async (pool: pg.Pool, table: string): Promise<string | null> => {
    const { rows } = await pool.query<{ schema: string | null }>(
      'SELECT (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = to_regclass($1)) AS schema',
      [table],
    );
    return rows[0]!.schema;
  };

  it.each([
    ['only pg_catalog', 'pg_catalog'],
    ['no schema', "''"],
    ['only a missing schema', 'nenhum'],
    ['first a schema with another table of the same name', 'outro, public'],
  ])('when the search path of the database has %s', async (_, path) => {
    await owner(
      'CREATE SCHEMA outro',
      'CREATE TABLE outro.titular (cpf text)',
      `ALTER DATABASE ${database()} SET search_path = ${path}`,
    );
    const pool = asReader();
    expect({ titular: await schemaOf(pool, 'titular'), movimentacao: await schemaOf(pool, 'movimentacao') }).toEqual({
      titular: 'public',
      movimentacao: 'public',
    });
  });

  it('in another schema than public, with a name that needs quotes', async () => {
    await owner(
      'CREATE SCHEMA "Base ""C"""',
      'ALTER TABLE titular SET SCHEMA "Base ""C"""',
      'ALTER TABLE movimentacao SET SCHEMA "Base ""C"""',
      'GRANT USAGE ON SCHEMA "Base ""C""" TO base_c_reader',
    );
    expect(await schemaOf(asReader(), 'movimentacao')).toBe('"Base ""C"""');
    expect(await searchPathOf(bases.baseC.owner, ['titular', 'movimentacao'])).toBe('"Base ""C"""');
  });

  it('only if the role may read one table of that name: of two, the error names both schemas', async () => {
    await owner(
      'CREATE SCHEMA outro',
      'CREATE TABLE outro.titular (cpf text)',
      'GRANT USAGE ON SCHEMA outro TO base_c_reader',
      'GRANT SELECT ON outro.titular TO base_c_reader',
      'REVOKE SELECT ON movimentacao FROM base_c_reader',
    );
    expect(await schemaOf(asReader(), 'titular')).toBe(null);
    await expect(searchPathOf(asReader(), ['titular'])).rejects.toThrow('titular is in the schemas outro, public');
  });
});
