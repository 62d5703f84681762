import { isDeepStrictEqual } from 'node:util';
import { baseA } from '@pessoa/bases/base-a';
import { type ReplicaMonitor, type ReplicaTurn, watchReplica } from '@pessoa/subgraph/replica/replica-monitor';
import { type ReplicaServers, runReplica, runReplicaStatus, startReplicaServers } from '../src/replica-servers.ts';
import { fillBaseA, hashOf, until } from '../src/replicated-debt.ts';

const TABLES = ['pessoa', 'endereco', 'credor', 'divida'] as const;

describe('A replica knows at every moment that it follows all of its publisher', () => {
  let servers: ReplicaServers;
  let monitor: ReplicaMonitor;
  const turns: ReplicaTurn[] = [];
  beforeAll(async () => {
    servers = await startReplicaServers();
    await fillBaseA(servers, 20, 200);
    await mended();
    monitor = watchReplica({
      publisherUrl: servers.env['BASE_A_URL']!,
      replica: { url: servers.env['BASE_A_REPLICA_URL']!, lagMaxSeconds: 30 },
      contract: baseA.contract,
      onChange: (turn) => void turns.push(turn),
    });
    await until('the replica is read', async () => monitor.obstacle() === undefined);
  }, 240_000);
  afterAll(async () => {
    await monitor?.close();
    await servers.close();
  });

  const hashes = (pool: ReplicaServers['onPublisher']) => Promise.all(TABLES.map((table) => hashOf(pool, table)));
  const isEqual = async () => isDeepStrictEqual(await hashes(servers.onReplica), await hashes(servers.onPublisher));
  const mended = async (): Promise<string> => {
    const { code, stdout, stderr } = await runReplica(servers.env, 'base-a');
    expect({ code, stderr: stderr.replace(/^copy .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(await isEqual()).toBe(true);
    return stdout;
  };
  /** Runs a statement. A terminated connection may hold its replication slot a moment longer: then it runs again. */
  const runAtPublisher = (statement: string) =>
    until('the publisher runs the statement', async () => {
      try {
        await servers.onPublisher.query(statement);
        return true;
      } catch (error) {
        if ((error as { code?: string }).code === '55006') return false; // the slot is in use
        throw error;
      }
    });
  let added = 0;
  const addCredor = (pool = servers.onPublisher) =>
    pool.query('INSERT INTO credor VALUES ($1, $2)', [`outro-${added++}`, 'Outro Banco Fictício']);

  /** What an owner, or somebody else, does; a row is written meanwhile that the replica never gets, or gets too much of. */
  const cases: Record<
    string,
    { fault: RegExp; publisher?: string[]; replica?: string[]; after?: string; counted?: true }
  > = {
    'a table taken out of the publication': {
      publisher: ['ALTER PUBLICATION pessoa_base_a DROP TABLE credor'],
      fault: /^credor is not published$/,
    },
    'a table taken out and put back before anybody looked': {
      publisher: [
        'ALTER PUBLICATION pessoa_base_a DROP TABLE credor',
        "INSERT INTO credor VALUES ('nunca-visto', 'Banco Nunca Visto')",
        'ALTER PUBLICATION pessoa_base_a ADD TABLE credor (id, nome, cnpj)',
      ],
      fault: /^credor was published differently in between$/,
    },
    'a table that another one took the place of': {
      publisher: [
        `ALTER TABLE endereco RENAME TO endereco_velho; CREATE TABLE endereco (LIKE endereco_velho INCLUDING ALL);
         INSERT INTO endereco SELECT cpf FROM pessoa; GRANT SELECT ON endereco TO base_a_reader`,
      ],
      after: 'DROP TABLE endereco_velho',
      fault: /^endereco is not published$/,
    },
    'a table that another published one took the place of': {
      publisher: [
        `CREATE TABLE endereco_novo (LIKE endereco INCLUDING ALL); GRANT SELECT ON endereco_novo TO base_a_reader;
         ALTER TABLE endereco RENAME TO endereco_velho; ALTER TABLE endereco_novo RENAME TO endereco;
         INSERT INTO endereco SELECT cpf, 'Rua Fictícia' FROM pessoa;
         ALTER PUBLICATION pessoa_base_a ADD TABLE endereco (${baseA.contract['endereco']!.join(', ')})`,
      ],
      after: 'DROP TABLE IF EXISTS endereco_velho',
      fault: /^endereco is another table than the one that was copied$/,
    },
    'a view in place of a table': {
      publisher: [
        `ALTER TABLE endereco RENAME TO endereco_velho; CREATE VIEW endereco AS SELECT * FROM endereco_velho;
         GRANT SELECT ON endereco TO base_a_reader`,
      ],
      after: 'DROP VIEW endereco; ALTER TABLE endereco_velho RENAME TO endereco',
      fault: /^endereco is not a table any more$/,
    },
    'a publication made anew': {
      publisher: [
        'DROP PUBLICATION pessoa_base_a',
        `CREATE PUBLICATION pessoa_base_a FOR ${TABLES.map((table) => `TABLE ${table} (${baseA.contract[table]!.join(', ')})`).join(', ')}`,
      ],
      fault: /^divida was published differently in between$/,
    },
    'a publication without removals': {
      publisher: ["ALTER PUBLICATION pessoa_base_a SET (publish = 'insert, update')"],
      fault: /^divida is published without all of insert, update, delete and truncate$/,
    },
    'a publication with a filter of rows': {
      publisher: ["ALTER PUBLICATION pessoa_base_a SET TABLE credor (id, nome, cnpj) WHERE (id <> 'outro-6')"],
      fault: /^credor is published with a filter of rows$/,
    },
    'row security at the publisher': {
      publisher: ['ALTER TABLE credor ENABLE ROW LEVEL SECURITY'],
      after: 'ALTER TABLE credor DISABLE ROW LEVEL SECURITY',
      fault: /^credor has row security$/,
    },
    'a table that is not logged any more': {
      publisher: ['ALTER PUBLICATION pessoa_base_a DROP TABLE endereco', 'ALTER TABLE endereco SET UNLOGGED'],
      after: 'ALTER TABLE endereco SET LOGGED',
      fault: /^endereco is unlogged$/,
    },
    'a place in the log that somebody gave up': {
      replica: ['ALTER SUBSCRIPTION pessoa_base_a DISABLE'],
      publisher: [
        'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active',
        'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots',
      ],
      fault: /^the publisher has dropped the replication slot of the replica, or the log that it needs$/,
    },
    'a trigger of the replica that drops what it is sent': {
      replica: [
        "CREATE FUNCTION nada() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        'CREATE TRIGGER nada BEFORE INSERT ON credor FOR EACH ROW EXECUTE FUNCTION nada()',
        'ALTER TABLE credor ENABLE ALWAYS TRIGGER nada',
      ],
      fault: /^the replica's credor has a trigger that fires for replicated changes$/,
    },
    'row security at the replica': {
      replica: ['ALTER TABLE credor ENABLE ROW LEVEL SECURITY'],
      fault: /^the replica's credor has row security$/,
    },
    'a subscription that leaves out what the publisher was itself sent': {
      replica: ['ALTER SUBSCRIPTION pessoa_base_a SET (origin = none)'],
      fault: /^pessoa is followed without changes that the publisher received by replication/,
    },
    'rows that somebody removed from the replica': {
      replica: ["DELETE FROM divida WHERE id < 'divida-2'"],
      counted: true,
      fault: /^divida has \d+ rows at the publisher and \d+ at the replica$/,
    },
    'a place in the log that somebody made anew, further on': {
      replica: ['ALTER SUBSCRIPTION pessoa_base_a DISABLE'],
      publisher: [
        'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active',
        `DO $$ DECLARE name text := (SELECT slot_name FROM pg_replication_slots); BEGIN
           PERFORM pg_drop_replication_slot(name); INSERT INTO credor VALUES ('entre-dois', 'Banco Entre Dois');
         END $$`,
        "SELECT pg_create_logical_replication_slot((SELECT rolname FROM pg_roles WHERE rolname LIKE 'pessoa_base_a_%'), 'pgoutput')",
      ],
      after: '',
      counted: true,
      fault: /^credor has \d+ rows at the publisher and \d+ at the replica$/,
    },
    'a partition with rows that became one of its own': {
      publisher: [
        `ALTER TABLE endereco RENAME TO endereco_velho; CREATE TABLE endereco (LIKE endereco_velho, PRIMARY KEY (cpf)) PARTITION BY RANGE (cpf);
         CREATE TABLE endereco_0 PARTITION OF endereco FOR VALUES FROM ('0') TO ('5'); GRANT SELECT ON endereco TO base_a_reader;
         DROP TABLE endereco_velho`,
      ],
      fault: /^endereco is not published$/,
    },
  };

  it.each(Object.entries(cases))(
    'is not read, reports why, and is mended by npm run replica: %s',
    async (_, faultCase) => {
      // A subscription that is disabled takes no slot again.
      for (const statement of faultCase.replica ?? []) await servers.onReplica.query(statement);
      for (const statement of faultCase.publisher ?? []) await runAtPublisher(statement);
      await addCredor();
      if (faultCase.counted) {
        await servers.onReplica.query('ALTER SUBSCRIPTION pessoa_base_a ENABLE');
        await monitor.count();
      }
      await until('it is not read', async () => monitor.obstacle() === 'changed', 20);
      expect(monitor.status().faults).toContainEqual(expect.stringMatching(faultCase.fault));
      expect(turns.at(-1)).toMatchObject({
        obstacle: 'changed',
        faults: expect.arrayContaining([expect.stringMatching(faultCase.fault)]),
      });
      if (faultCase.after) await servers.onPublisher.query(faultCase.after);
      await mended();
      if (faultCase.counted) await monitor.count();
      await until('it is read again', async () => monitor.obstacle() === undefined, 20);
    },
  );

  it('is counted as soon as the partitions of a table change, and has the rows of a new partition', async () => {
    await servers.onPublisher.query(`
      CREATE TABLE endereco_5 (LIKE endereco INCLUDING ALL); INSERT INTO endereco_5 (cpf) VALUES ('52998224725');
      ALTER TABLE endereco ATTACH PARTITION endereco_5 FOR VALUES FROM ('5') TO ('9')`);
    await until('it is not read', async () => monitor.obstacle() === 'changed', 20);
    await until(
      'its rows are counted',
      async () => monitor.status().faults[0]?.includes('1 rows at the publisher') ?? false,
    );
    const { code, stdout } = await runReplicaStatus(servers.env, 'base-a');
    expect(code).toBe(1);
    expect(stdout).toContain('endereco has 1 rows at the publisher and 0 at the replica');
    expect(stdout).toContain('npm run replica -- base-a mends it');
    expect(await mended()).toContain('endereco has 1 rows at the publisher and 0 at the replica');
    await monitor.count();
    await until('it is read again', async () => monitor.obstacle() === undefined, 20);
    expect(await runReplicaStatus(servers.env, 'base-a')).toMatchObject({ code: 0 });

    await servers.onPublisher.query("CREATE TABLE endereco_9 PARTITION OF endereco FOR VALUES FROM ('9') TO ('A')");
    await until('the empty one is counted', async () => {
      await monitor.look();
      return monitor.obstacle() === undefined;
    });
  });

  it('is copied again when the origin of a table is not recorded', async () => {
    await servers.onReplica.query('COMMENT ON TABLE credor IS NULL');
    await until('it is not read', async () => monitor.obstacle() === 'changed', 20);
    expect(monitor.status().faults).toEqual(['credor does not say what it was copied from']);
    expect(await mended()).toContain('every table is copied again');
    // A look that finds the new copy forgets the counts of the old one.
    await until('it is read again', async () => monitor.obstacle() === undefined, 20);
  });

  it('continues over harmless changes: rights, comments, other tables and columns, a rewritten table', async () => {
    await servers.onPublisher.query(`
      CREATE TABLE alheia (n int); GRANT SELECT (id, nome) ON credor TO base_a_reader; COMMENT ON TABLE credor IS 'dos credores';
      ALTER TABLE credor ADD COLUMN telefone text; ANALYZE credor; ALTER TABLE credor DROP COLUMN telefone`);
    await servers.onPublisher.query('VACUUM FULL credor');
    await addCredor();
    const output = await mended();
    expect(output).not.toContain('copied again');
    await monitor.count();
    await monitor.look();
    expect(monitor.status().faults).toEqual([]);
  });
});
