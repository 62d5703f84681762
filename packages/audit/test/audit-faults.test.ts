import { openReadRecorder } from '@pessoa/testkit/read-recorder';
import { clusterInfo, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { auditFaults } from '../src/audit-faults.ts';

describe('The check of the audit', () => {
  let bases: TestBases;
  beforeAll(async () => void (bases = await openTestBases()));
  afterAll(() => bases.drop());

  /** The faults that a session with these settings finds; without settings it has those of a service. */
  async function faults(settings: Record<string, string> = {}, url = bases.auditoria.writerUrl): Promise<string[]> {
    const session = { synchronous_commit: 'on', default_transaction_read_only: 'off', ...settings };
    const pool = new pg.Pool({
      connectionString: url,
      max: 1,
      options: Object.entries(session).map(([name, value]) => `-c ${name}=${value}`).join(' '), // prettier-ignore
    });
    return auditFaults(pool).finally(() => pool.end());
  }

  it('finds no fault when the role can store rows durably', async () => {
    expect(await faults()).toEqual([]);
    expect(await faults({ search_path: 'nowhere' })).toEqual([]);
  });

  it('reports a session that is read only', async () => {
    expect(await faults({ default_transaction_read_only: 'on' })).toEqual([
      'default_transaction_read_only (is on for our role, or the server is a standby)',
    ]);
  });

  it('reports commits that a crash could lose', async () => {
    expect(await faults({ synchronous_commit: 'off' })).toEqual([
      'synchronous_commit (is off: a crash could lose the row of an answered read)',
    ]);
  });

  it('reports a role that may not insert, and a database without an audit', async () => {
    expect(await faults({}, bases.auditoria.readerUrl)).toEqual(['public.acesso (our role may not insert)']);
    expect(await faults({}, bases.baseA.ownerUrl)).toEqual(['public.acesso (does not exist: run npm run db:migrate)']);
  });

  it('reports an audit of an older version, which has no place for seals', async () => {
    const older = await openTestBases();
    try {
      await older.auditoria.owner.query('ALTER TABLE acesso DROP COLUMN sigilo_ate');
      expect(await faults({}, older.auditoria.writerUrl)).toEqual([
        'public.acesso.sigilo_ate (does not exist: run npm run db:migrate)',
      ]);
    } finally {
      await older.drop();
    }
  });

  it.each(['UPDATE acesso SET consentimento = NULL', 'DELETE FROM acesso', 'TRUNCATE acesso'])(
    'is backed by triggers that refuse %s even to a session that replays',
    async (statement) => {
      const recorder = openReadRecorder(bases);
      await recorder.record(1).finally(() => recorder.close());
      const admin = new pg.Client({ connectionString: superuserUrlOf(bases.auditoria.ownerUrl) });
      await admin.connect();
      await admin.query('SET session_replication_role = replica');
      await expect(admin.query(statement)).rejects.toThrow('acesso is append-only');
      await admin.end();
    },
  );
});

/** The same database for a superuser: only a superuser may set `session_replication_role`. */
function superuserUrlOf(url: string): string {
  const superuser = new URL(clusterInfo().superuserUrl);
  superuser.pathname = new URL(url).pathname;
  return superuser.href;
}
