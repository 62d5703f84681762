import { openPool, readingSettings } from '@pessoa/postgres/connection-pool';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { checkRights } from '../src/postgres-rights.ts';

describe('The start of an auditor', () => {
  let bases: TestBases;
  beforeEach(async () => {
    bases = await openTestBases();
  });
  afterEach(() => bases.drop());

  const check = async (connectionString: string): Promise<void> => {
    const pool = openPool({ connectionString, max: 1 }, readingSettings(5_000));
    await checkRights(pool, testLog().logger).finally(() => pool.end());
  };
  const role = () => new URL(bases.auditoria.auditorUrl).username;

  it('accepts the role of the documents', async () => {
    await expect(check(bases.auditoria.auditorUrl)).resolves.toBeUndefined();
  });

  it('is refused to a role of a service, by each right that it lacks', async () => {
    const refused = check(bases.auditoria.writerUrl);
    await expect(refused).rejects.toThrow(/^auditor cannot start: /);
    await expect(refused).rejects.toThrow('public.acesso (our role may not select)');
    await expect(refused).rejects.toThrow('transparency.tree (our role may not update)');
  });

  it.each([
    ['public.acesso', 'SELECT'],
    ['transparency.pending', 'DELETE'],
    ['transparency.tile', 'UPDATE'],
    ['transparency.checkpoint', 'INSERT'],
    ['transparency.person', 'INSERT'],
    ['transparency.map_node', 'DELETE'],
    ['transparency.stale_map_node', 'SELECT'],
  ])('is refused to a role that has all but one: on %s, %s', async (table, privilege) => {
    await bases.auditoria.owner.query(`REVOKE ${privilege} ON ${table} FROM ${role()}`);
    await expect(check(bases.auditoria.auditorUrl)).rejects.toThrow(
      `(docs/bases.md):\n  ${table} (our role may not ${privilege.toLowerCase()})`,
    );
  });

  it('is refused where the migration has not run', async () => {
    await bases.auditoria.owner.query('DROP SCHEMA transparency CASCADE');
    await expect(check(bases.auditoria.auditorUrl)).rejects.toThrow(
      'transparency.leaf (does not exist: run npm run db:migrate)',
    );
  });

  it('is only warned about a database that does not answer', async () => {
    await expect(check('postgresql://nobody@127.0.0.1:1/auditoria')).resolves.toBeUndefined();
  });
});
