import { baseA } from '@pessoa/bases/base-a';
import { ask, type ReplicaServers, runReplica, runReplicaStatus, startReplicaServers } from '../src/replica-servers.ts';
import { fillBaseA, hashOf, until } from '../src/replicated-debt.ts';

const DEBTS = 200;

describe('npm run replica', () => {
  let servers: ReplicaServers;
  beforeAll(async () => {
    servers = await startReplicaServers();
    await fillBaseA(servers, 20, DEBTS);
  }, 60_000);
  afterAll(() => servers.close());

  const withEnv = (env: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(
      Object.entries({ ...servers.env, ...env }).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
    );
  const run = (env: Record<string, string | undefined>, ...args: string[]) => runReplica(withEnv(env), ...args);
  const status = (env: Record<string, string>, ...args: string[]) => runReplicaStatus(withEnv(env), ...args);
  const make = async (): Promise<string[]> => {
    const { code, stdout, stderr } = await run({}, 'base-a');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trimEnd().split('\n').map((line) => line.replace(/_[0-9a-f]{8}\b/, '_N').replace(/[\d.]+ s$/, 'N s')); // prettier-ignore
  };
  const equal = () => until('replica equals publisher', async () => (await hashOf(servers.onReplica, 'divida')).hash === (await hashOf(servers.onPublisher, 'divida')).hash); // prettier-ignore
  const atPublisher = <Row>(statement: string) => ask<Row>(servers.publisher.superuserUrl('base_a'), statement);
  const slots = async () => (await atPublisher<{ slot_name: string }>('SELECT slot_name FROM pg_replication_slots')).map(({ slot_name }) => slot_name); // prettier-ignore

  describe('refuses, and has changed nothing,', () => {
    afterEach(async () => {
      expect(await slots()).toEqual([]);
      expect(await atPublisher('SELECT FROM pg_publication')).toEqual([]);
    });

    it('an unknown base', async () => {
      for (const args of [['base-d'], ['base-a', 'base-b'], ['']]) {
        expect(await run({}, ...args)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^name one base of base-a, base-b, base-c\n\nusage: npm run replica /),
        });
      }
    });

    it('to start without its settings: it names all of them and shows no value', async () => {
      const missing = await run({ BASE_A_URL: undefined, BASE_A_REPLICA_ADMIN_URL: '' }, 'base-a');
      expect(missing).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'replica cannot start:\n  BASE_A_URL: is required\n  BASE_A_REPLICA_ADMIN_URL: is required\n',
      });
      const wrong = await run({ BASE_A_URL: 'mysql://u:segredo@h/d', BASE_B_REPLICA_LAG_MAX_SECONDS: '901' }, 'base-a');
      expect(wrong.stderr).toMatch(/^ {2}BASE_A_URL: [\s\S]*^ {2}BASE_B_REPLICA_LAG_MAX_SECONDS: /m);
      expect(wrong.stderr).not.toMatch(/segredo|901/);
    });

    it('a replica on the server of its publisher', async () => {
      const { code, stderr } = await run(
        { BASE_A_REPLICA_ADMIN_URL: servers.publisher.superuserUrl('copia') },
        'base-a',
      );
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'publisher and replica are on one server: a replica needs a server of its own\n',
      });
    });

    it('a view, which cannot be published', async () => {
      await servers.onPublisher.query(
        'ALTER TABLE endereco RENAME TO enderecos; CREATE VIEW endereco AS SELECT * FROM enderecos; GRANT SELECT ON endereco TO base_a_reader',
      );
      const { code, stderr } = await run({}, 'base-a');
      await servers.onPublisher.query('DROP VIEW endereco; ALTER TABLE enderecos RENAME TO endereco');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'the publisher cannot publish:\n  public.endereco: only a table can be published\n',
      });
    });

    it('a table whose key is not published: its owner could not change a row any more', async () => {
      await servers.onPublisher.query(
        'ALTER TABLE endereco DROP CONSTRAINT endereco_pkey, ADD COLUMN n SERIAL PRIMARY KEY',
      );
      const outside = await run({}, 'base-a');
      expect(outside).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('public.endereco: its key has n, which is not published'),
      });
      await servers.onPublisher.query('ALTER TABLE endereco DROP COLUMN n');
      const none = await run({}, 'base-a');
      expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('public.endereco: has no primary key') });
      await servers.onPublisher.query(
        'CREATE UNIQUE INDEX um ON endereco (cpf); ALTER TABLE endereco REPLICA IDENTITY USING INDEX um',
      );
    });

    it('a publisher that differs from docs/bases.md', async () => {
      await servers.onPublisher.query('ALTER TABLE divida ALTER COLUMN valor_original TYPE double precision');
      const { code, stderr } = await run({}, 'base-a');
      await servers.onPublisher.query('ALTER TABLE divida ALTER COLUMN valor_original TYPE numeric(17,2)');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'the publisher is not as docs/bases.md says:\n  divida.valor_original (is double precision, must be numeric(17,2))\n',
      });
    });
  });

  it('refuses a database that sorts text in another way, or has other rows in its tables', async () => {
    const server = servers.replica.superuserUrl('postgres');
    await ask(server, "CREATE DATABASE outra TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'pt-BR'");
    const sorting = await run({ BASE_A_REPLICA_ADMIN_URL: servers.replica.superuserUrl('outra') }, 'base-a');
    expect(sorting).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "the replica's database sorts text by ICU pt-BR in UTF8, the publisher by libc C in UTF8",
      ),
    });

    await ask(server, 'CREATE DATABASE alheia TEMPLATE template0');
    const url = servers.replica.superuserUrl('alheia');
    await ask(url, "CREATE TABLE credor (id text PRIMARY KEY); INSERT INTO credor VALUES ('de outro')");
    const rows = await run({ BASE_A_REPLICA_ADMIN_URL: url }, 'base-a');
    expect(rows).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the replica's credor has rows that are not of this publisher"),
    });
    expect(await ask(url, 'SELECT id FROM credor')).toEqual([{ id: 'de outro' }]);
    expect(await slots()).toEqual([]);
  });

  it('refuses to let the service read as a superuser', async () => {
    const { code, stderr } = await run({ BASE_A_REPLICA_URL: servers.replica.superuserUrl('replica_a') }, 'base-a');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'postgres is a superuser of the replica: a service reads by a role that may only read\n',
    });
  });

  it('copies only the columns of the contract, though the publisher has another one that is never null and has a trigger', async () => {
    await servers.onPublisher.query(`
      ALTER TABLE pessoa ADD COLUMN nome_da_mae TEXT NOT NULL DEFAULT 'Bia Fictícia';
      ALTER TABLE divida ADD COLUMN versao BIGINT NOT NULL DEFAULT 0;
      CREATE FUNCTION numerada() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.versao := 1 + coalesce(OLD.versao, 0); RETURN NEW; END';
      CREATE TRIGGER versao BEFORE INSERT OR UPDATE ON divida FOR EACH ROW EXECUTE FUNCTION numerada()`);
    expect((await make()).at(-1)).toBe('base-a: every table is copied and followed, after N s');
    const columns = await ask<{ table: string; columns: string[] }>(
      servers.replica.superuserUrl('replica_a'),
      `SELECT table_name AS "table", array_agg(column_name::text ORDER BY ordinal_position) AS columns
       FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1`,
    );
    expect(Object.fromEntries(columns.map(({ table, columns: names }) => [table, names]))).toEqual(baseA.contract);
    await servers.onPublisher.query(
      "UPDATE divida SET situacao = 'QUITADA' WHERE id = 'divida-0'; DELETE FROM divida WHERE id = 'divida-1'",
    );
    await servers.onPublisher.query("INSERT INTO endereco (cpf, uf) SELECT cpf, 'SP' FROM pessoa");
    await servers.onPublisher.query('ALTER TABLE divida DROP COLUMN versao CASCADE; DROP TRIGGER versao ON divida');
    await equal();
    expect((await hashOf(servers.onReplica, 'divida')).rows).toBe(DEBTS - 1);
    await until('the addresses are there', async () => (await hashOf(servers.onReplica, 'endereco')).rows === 20);
    const indexes = await ask<{ index: string }>(
      servers.replica.superuserUrl('replica_a'),
      `SELECT regexp_replace(indexdef, '^.* USING btree ', '') AS index FROM pg_indexes WHERE tablename = 'divida' ORDER BY 1`,
    );
    expect(indexes).toEqual([{ index: '(cpf, vencimento DESC, id DESC)' }, { index: '(id)' }]);
  });

  it('lets its roles select only the columns of the contract, at the replica and at the publisher', async () => {
    const [role] = await slots();
    const rightsOf = (url: string, who: string) =>
      ask<{ right: string }>(
        url,
        `SELECT c.relname || coalesce('.' || a.attname, '') || ' ' || privilege AS "right"
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS privilege
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v') AND has_column_privilege($1, c.oid, a.attnum, privilege)
         UNION ALL
         SELECT c.relname || ' ' || privilege FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         CROSS JOIN unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v') AND has_table_privilege($1, c.oid, privilege)`,
        [who],
      );
    const contract = Object.entries(baseA.contract).flatMap(([table, columns]) =>
      columns.map((column) => ({ right: `${table}.${column} SELECT` })),
    );
    const sorted = (rights: { right: string }[]) => rights.map(({ right }) => right).toSorted();
    expect(sorted(await rightsOf(servers.replica.superuserUrl('replica_a'), 'leitor'))).toEqual(sorted(contract));
    expect(sorted(await rightsOf(servers.publisher.superuserUrl('base_a'), role!))).toEqual(sorted(contract));
  });

  it('run again, names what exists and copies nothing again', async () => {
    const subscription = () => ask(servers.replica.superuserUrl('replica_a'), 'SELECT oid FROM pg_subscription');
    const before = await subscription();
    expect(await make()).toEqual([
      'base-a: replica: database replica_a was there',
      'base-a: replica: 0 tables made, 4 were there',
      'base-a: replica: role leitor was there, it may read 4 tables',
      'base-a: publisher: role pessoa_base_a_N was there, with a new password',
      'base-a: publisher: publication pessoa_base_a was there',
      'base-a: replica: subscription pessoa_base_a was there',
      'base-a: every table is copied and followed, after N s',
    ]);
    expect(await subscription()).toEqual(before);
    await servers.onPublisher.query("UPDATE divida SET valor_original = 7 WHERE id = 'divida-7'");
    await equal(); // with the new password
  });

  it('run again, mends a publication that lost a table, and a lost slot', async () => {
    await servers.onPublisher.query('ALTER PUBLICATION pessoa_base_a DROP TABLE endereco');
    await servers.onReplica.query('ALTER SUBSCRIPTION pessoa_base_a REFRESH PUBLICATION; ');
    await servers.onPublisher.query("UPDATE endereco SET uf = 'RJ'");
    await servers.onReplica.query('TRUNCATE endereco');
    expect(await make()).toContain('base-a: publisher: endereco added to the publication');
    expect(await hashOf(servers.onReplica, 'endereco')).toEqual(await hashOf(servers.onPublisher, 'endereco'));

    await servers.onReplica.query('ALTER SUBSCRIPTION pessoa_base_a DISABLE');
    const [slot] = await slots();
    await until(
      'the slot is free',
      async () => (await atPublisher(`SELECT FROM pg_replication_slots WHERE NOT active`)).length === 1,
    );
    await atPublisher(`SELECT pg_drop_replication_slot('${slot}')`);
    await servers.onPublisher.query(
      "UPDATE divida SET valor_original = 8 WHERE id = 'divida-8'; DELETE FROM divida WHERE id = 'divida-9'",
    );
    expect(await status({}, 'base-a')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('subscription disabled, 4 of 4 tables ready, the publisher has no slot of it'),
    });
    expect(await make()).toContain(
      'base-a: replica: the publisher has lost the slot of subscription pessoa_base_a: every table is copied again',
    );
    expect(await hashOf(servers.onReplica, 'divida')).toEqual(await hashOf(servers.onPublisher, 'divida'));
  });

  it('makes a second replica beside the first; each is removed alone, the publication with the last', async () => {
    const second = {
      BASE_A_REPLICA_ADMIN_URL: servers.replica.superuserUrl('replica_a2'),
      BASE_A_REPLICA_URL: servers.env['BASE_A_REPLICA_URL']!.replace(/replica_a$/, 'replica_a2'),
    };
    expect(await run(second, 'base-a')).toMatchObject({ code: 0 });
    expect(await slots()).toHaveLength(2);
    await servers.onPublisher.query("UPDATE divida SET valor_original = 9 WHERE id = 'divida-10'");
    await equal();

    const first = await run({}, 'base-a', '--remove');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /subscription pessoa_base_a and 4 tables removed\n[\s\S]*publication pessoa_base_a kept for pessoa_base_a_[0-9a-f]{8}\n$/,
      ),
    });
    expect(await slots()).toHaveLength(1);
    expect(await servers.onReplica.query("SELECT FROM pg_tables WHERE schemaname = 'public'")).toMatchObject({
      rowCount: 0,
    });
    expect(await status(second, 'base-a')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^base-a: .*: reads go to the replica\n$/),
    });

    expect(await run(second, 'base-a', '--remove')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('publication pessoa_base_a removed'),
    });
    expect(await slots()).toEqual([]);
    expect(await atPublisher("SELECT FROM pg_roles WHERE rolname LIKE 'pessoa%'")).toEqual([]);
    expect(await atPublisher('SELECT FROM pg_publication')).toEqual([]);
    expect(await run({}, 'base-a', '--remove')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no subscription pessoa_base_a'),
    });
  });

  it('finds the tables by the reader’s search path, also with the publisher’s own types', async () => {
    await servers.onPublisher.query(`
      CREATE SCHEMA cadastro; ALTER TABLE pessoa SET SCHEMA cadastro; GRANT USAGE ON SCHEMA cadastro TO base_a_reader;
      ALTER ROLE base_a_reader IN DATABASE base_a SET search_path = cadastro, public;
      CREATE DOMAIN cadastro.nome AS varchar(200) CHECK (value <> ''); ALTER TABLE cadastro.pessoa ALTER COLUMN nome TYPE cadastro.nome`);
    await make();
    expect(await hashOf(servers.onReplica, 'cadastro.pessoa')).toMatchObject({ rows: 20 });
    const rows = await ask(
      servers.env['BASE_A_REPLICA_URL']!,
      'SELECT count(*)::int AS people FROM pessoa JOIN divida USING (cpf)',
    );
    expect(rows).toEqual([{ people: DEBTS - 2 }]);
    expect((await status({}, 'base-a')).code).toBe(0);
  });
});
