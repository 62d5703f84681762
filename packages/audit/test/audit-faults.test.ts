import { clusterInfo, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { auditFaults } from '../src/audit-faults.ts';

describe('The check of the audit', () => {
  let bases: TestBases;
  beforeAll(async () => void (bases = await openTestBases()));
  afterAll(() => bases.drop());

  /** As a session that begins with these settings sees it. */
  async function faults(settings: Record<string, string> = {}, url = bases.auditoria.writerUrl): Promise<string[]> {
    // As a service's connections begin.
    const given = Object.entries({ synchronous_commit: 'on', default_transaction_read_only: 'off', ...settings });
    const pool = new pg.Pool({
      connectionString: url,
      max: 1,
      options: given.map(([name, to]) => `-c ${name}=${to}`).join(' '),
    });
    return auditFaults(pool).finally(() => pool.end());
  }

  it('finds nothing where the role may add for good', async () => {
    expect(await faults()).toEqual([]);
    expect(await faults({ search_path: 'nowhere' })).toEqual([]);
  });

  it('says of a session that cannot write', async () => {
    expect(await faults({ default_transaction_read_only: 'on' })).toEqual([
      'default_transaction_read_only (is on for our role, or the server is a standby)',
    ]);
  });

  it('says of commits that may be forgotten', async () => {
    expect(await faults({ synchronous_commit: 'off' })).toEqual([
      'synchronous_commit (is off: a read could be answered and forgotten)',
    ]);
  });

  it('says of a role that may not add, and of a database that has no audit', async () => {
    expect(await faults({}, bases.auditoria.readerUrl)).toEqual(['public.acesso (our role may not insert)']);
    expect(await faults({}, bases.baseA.ownerUrl)).toEqual(['public.acesso (is not there: npm run db:migrate)']);
  });

  it.each(['UPDATE acesso SET consentimento = NULL', 'DELETE FROM acesso', 'TRUNCATE acesso'])(
    'has this beside it: %s is refused also to a session that replays',
    async (statement) => {
      const admin = new pg.Client({ connectionString: replaying(bases.auditoria.ownerUrl) });
      await admin.connect();
      await admin.query('SET session_replication_role = replica');
      await expect(admin.query(statement)).rejects.toThrow('acesso is append-only');
      await admin.end();
    },
  );
});

/** The database of the URL as a superuser, who alone may replay. */
function replaying(url: string): string {
  const superuser = new URL(clusterInfo().superuserUrl);
  superuser.pathname = new URL(url).pathname;
  return superuser.href;
}
