import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type PostgresCluster, startPostgres } from '../src/embedded/postgres-cluster.ts';

const isRoot = process.getuid?.() === 0;
const STARTER = fileURLToPath(new URL('./start-postgres.ts', import.meta.url));

async function ask(cluster: PostgresCluster, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: cluster.superuserUrl('postgres') });
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

describe('The embedded PostgreSQL', () => {
  let home: string;
  let places: string[];
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pessoa-cluster-'));
    await chmod(home, 0o755);
    places = [home];
  });
  afterEach(async () => {
    for (const folder of places) await rm(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<PostgresCluster> => {
    const cluster = await startPostgres({ home, settings: { fsync: 'off' } });
    places.push(cluster.place.home);
    return cluster;
  };

  it('keeps its data from one start to the next, and its files to itself', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    const second = await start();
    expect(await ask(second, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    expect(second.adopted).toBe(false);
    for (const [name, mode] of [
      ['data', 0o700],
      ['superuser-password', 0o600],
    ] as const) {
      expect((await stat(join(second.place.home, name))).mode & 0o777).toBe(mode);
    }
    const withoutPassword = second.superuserUrl('postgres').replace(/:[^:@/]+@/, '@');
    const stranger = new pg.Client({ connectionString: withoutPassword });
    await expect(stranger.connect()).rejects.toThrow(/password/);
    await second.stop();
  });

  it('that runs already is joined, and only who started it stops it', async () => {
    const first = await start();
    const second = await start();
    expect([second.adopted, second.pid, second.port]).toEqual([true, first.pid, first.port]);
    await second.stop();
    expect(await ask(first, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await first.stop();
    await expect(ask(first, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('whose starter was killed is taken over by who finds it, who then stops it', async () => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const starter = spawn(process.execPath, [STARTER, home], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(starter.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    starter.kill('SIGKILL');
    await once(starter, 'exit');

    const heir = await start();
    expect([heir.adopted, heir.pid]).toEqual([false, pid]);
    expect(await ask(heir, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    const guest = await start();
    expect(guest.adopted).toBe(true);
    await heir.stop();
    await expect(ask(heir, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  // Only root hands over to another user, who may not be able to enter root's folders.
  (isRoot ? it : it.skip)(
    'started by root in a folder that its user cannot enter goes to one it can, and says why',
    async () => {
      await chmod(home, 0o700);
      const cluster = await start();
      expect(cluster.place.home).not.toBe(home);
      expect(cluster.place.movedBecause).toMatch(/cannot enter/);
      expect(await ask(cluster, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      await cluster.stop();
      const again = await start();
      expect(again.place.home).toBe(cluster.place.home);
      await again.stop();
    },
  );
});
