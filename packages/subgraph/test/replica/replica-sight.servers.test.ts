import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { askPositions, lookAtReplica } from '../../src/replica/replica-sight.ts';

const contract = { pessoa: ['cpf', 'nome'], credor: ['id'] };

/** Runs on the oldest supported PostgreSQL too, with the role that a service reads with. */
describe('The reader role', () => {
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

  it('may ask the publisher for its position and for the slot of a replica', async () => {
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

  it('gets an error for a missing column and for a column without the right to read it', async () => {
    await expect(lookAtReplica(reader, { pessoa: ['cpf', 'altura'] })).rejects.toMatchObject({ code: '42703' });
    const { username } = new URL(bases.baseA.readerUrl);
    await bases.baseA.owner.query(`REVOKE SELECT ON credor FROM ${username}`);
    await expect(lookAtReplica(reader, contract)).rejects.toMatchObject({ code: '42501' });
  });
});
