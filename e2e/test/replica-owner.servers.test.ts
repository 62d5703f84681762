import { ask, type ReplicaServers, runReplica, runReplicaStatus, startReplicaServers } from '../src/replica-servers.ts';
import { fillBaseA, hashOf, until } from '../src/replicated-debt.ts';

describe('npm run replica, by an owner who is no superuser,', () => {
  let servers: ReplicaServers;
  let owner: URL;
  beforeAll(async () => {
    servers = await startReplicaServers();
    await fillBaseA(servers, 5, 20);
    await atPublisher('ALTER ROLE base_a_owner CREATEROLE REPLICATION PASSWORD $$dono$$');
    owner = Object.assign(new URL(servers.env['BASE_A_ADMIN_URL']!), { username: 'base_a_owner', password: 'dono' });
  }, 60_000);
  afterAll(() => servers.close());
  const atPublisher = <Row>(statement: string) => ask<Row>(servers.publisher.superuserUrl('base_a'), statement);
  const leftAtPublisher = () =>
    atPublisher(
      `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'pessoa%' UNION ALL SELECT pubname FROM pg_publication
       UNION ALL SELECT slot_name FROM pg_replication_slots`,
    );

  it('makes and removes a replica, if the owner may create roles and replicate', async () => {
    const env = { ...servers.env, BASE_A_ADMIN_URL: owner.href };
    const [made, again, status, removed] = [
      await runReplica(env, 'base-a'),
      await runReplica(env, 'base-a'),
      await runReplicaStatus(env, 'base-a'),
      await runReplica(env, 'base-a', '--remove'),
    ];
    expect([made, again, status, removed]).toMatchObject(Array(4).fill({ code: 0, stderr: '' }));
    expect(await leftAtPublisher()).toEqual([]);
  });

  it('continues after a failure, once the owner may drop the lost slot', async () => {
    expect((await runReplica(servers.env, 'base-a')).code).toBe(0);
    // A role that is there, so that no role is made; the slot alone needs the right.
    const reached = servers.cable.through(servers.env['BASE_A_ADMIN_URL']!);
    const env = { ...servers.env, BASE_A_ADMIN_URL: owner.href, BASE_A_REPLICA_SOURCE_URL: reached };
    await servers.onReplica.query('ALTER SUBSCRIPTION pessoa_base_a DISABLE');
    await atPublisher("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await atPublisher('SELECT pg_reload_conf()');
    await until('the publisher has lost the place', async () => {
      await atPublisher("UPDATE divida SET valor_original = valor_original + 1 WHERE id = 'divida-1'");
      await atPublisher('SELECT pg_switch_wal()');
      await atPublisher('CHECKPOINT');
      return (await atPublisher("SELECT FROM pg_replication_slots WHERE wal_status = 'lost'")).length === 1;
    });

    await atPublisher('ALTER ROLE base_a_owner NOREPLICATION');
    const refused = await runReplica(env, 'base-a');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('permission denied to use replication slots'),
    });
    await atPublisher('ALTER ROLE base_a_owner REPLICATION');
    expect(await runReplica(env, 'base-a')).toMatchObject({ code: 0, stderr: '' });
    expect(await hashOf(servers.onReplica, 'divida')).toEqual(await hashOf(servers.onPublisher, 'divida'));
  });

  it('leaves nothing of a lost server at the publisher, after the statements of docs/operations.md', async () => {
    await servers.replica.stop();
    const named = /^base-a: the replica does not answer: .*\nbase-a: nobody reads slot (pessoa_base_a_[0-9a-f]{8}): /;
    let slot: string | undefined;
    await until('the slot is named', async () => {
      slot = named.exec((await runReplicaStatus(servers.env, 'base-a')).stdout)?.[1];
      return slot !== undefined;
    });
    await atPublisher(`SELECT pg_drop_replication_slot('${slot}')`);
    await atPublisher(`DROP OWNED BY ${slot}`);
    await atPublisher(`DROP ROLE ${slot}`);
    await atPublisher('DROP PUBLICATION pessoa_base_a');
    expect(await leftAtPublisher()).toEqual([]);
  });
});

describe('npm run replica, when the publisher writes no logical log,', () => {
  it('names the setting that its owner must change', async () => {
    const servers = await startReplicaServers({ wal_level: 'replica' });
    const { code, stderr } = await runReplica(servers.env, 'base-a').finally(() => servers.close());
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'the publisher has wal_level=replica: its owner must set it to logical and restart it\n',
    });
  });
});
