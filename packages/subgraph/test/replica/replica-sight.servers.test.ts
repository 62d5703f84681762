import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { askPositions, lookAtReplica } from '../../src/replica/replica-sight.ts';

const contract = { pessoa: ['cpf', 'nome'], credor: ['id'] };

/** On the oldest PostgreSQL that a base may be, by the role that a service reads with. */
describe('A reader', () => {
  let bases: TestBases;
  let reader: pg.Client;
  beforeAll(async () => {
    bases = await openTestBases();
    reader = new pg.Client({ connectionString: bases.baseA.readerUrl });
    await reader.connect();
  });
  afterAll(async () => {
    await reader.end();
    await bases.drop();
  });

  it('may ask the publisher where it is, and whether it keeps a place for a replica', async () => {
    const { rows } = await reader.query<{ super: boolean; version: number }>(
      `SELECT rolsuper AS super, current_setting('server_version_num')::int AS version FROM pg_roles WHERE rolname = current_user`,
    );
    expect(rows).toEqual([{ super: false, version: expect.any(Number) }]);
    const before = await askPositions(reader, 'pessoa_base_a_00000000');
    expect(before).toEqual({ publisher: expect.any(BigInt), replica: undefined, isConnected: false, isLost: false });
    await bases.baseA.owner.query("INSERT INTO credor VALUES ('credor-1', 'Banco Fictício')");
    expect((await askPositions(reader, undefined)).publisher).toBeGreaterThan(before.publisher);
  });

  it('may ask the replica which tables it follows: none without a subscription', async () => {
    expect(await lookAtReplica(reader, contract)).toEqual({
      slot: undefined,
      isEnabled: false,
      copy: '',
      publications: [],
      origins: new Map(),
      faults: [],
      incomplete: ['pessoa', 'credor'],
    });
  });

  it('finds out about a column that is not there or not granted', async () => {
    await expect(lookAtReplica(reader, { pessoa: ['cpf', 'altura'] })).rejects.toMatchObject({ code: '42703' });
    const { username } = new URL(bases.baseA.readerUrl);
    await bases.baseA.owner.query(`REVOKE SELECT ON credor FROM ${username}`);
    await expect(lookAtReplica(reader, contract)).rejects.toMatchObject({ code: '42501' });
  });
});
