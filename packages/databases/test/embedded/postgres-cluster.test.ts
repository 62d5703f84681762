import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processEntry } from '@pessoa/service/processes/process-table';
import pg from 'pg';
import { type PostgresCluster, startPostgres } from '../../src/embedded/postgres-cluster.ts';

const isRoot = process.getuid?.() === 0;
const STARTER = fileURLToPath(new URL('./start-postgres.ts', import.meta.url));

/** The ids of the guard processes of a server. A guard ends the server when its starter dies. */
const guardsOf = (serverPid: number): number[] =>
  execFileSync('pgrep', ['-f', `pessoa-guard ${serverPid} `], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);

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

  it('keeps its data between two starts, and only its user may read its files', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    const second = await start();
    expect(await ask(second, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    expect(second.isAdopted).toBe(false);
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

  it('is joined by a second start, whose stop leaves it running', async () => {
    const first = await start();
    const second = await start();
    expect({ isAdopted: second.isAdopted, pid: second.pid, port: second.port }).toEqual({
      isAdopted: true,
      pid: first.pid,
      port: first.port,
    });
    await second.stop();
    expect(await ask(first, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await first.stop();
    await expect(ask(first, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  const startElsewhere = async (...args: string[]): Promise<{ starter: ChildProcess; pid: number }> => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const starter = spawn(process.execPath, [STARTER, home, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(starter.stdout, 'data')) as [Buffer];
    return { starter, pid: Number(line.toString()) };
  };
  const kill = async (starter: ChildProcess): Promise<void> => {
    starter.kill('SIGKILL');
    await once(starter, 'exit');
  };
  const untilEnded = async (pid: number): Promise<void> => {
    while (processEntry(pid)) await sleep(20);
  };

  it('ends when its starter is killed, and the next start finds its data', async () => {
    const { starter, pid } = await startElsewhere();
    const guest = await start();
    await ask(guest, 'CREATE TABLE kept AS SELECT 1 AS n');
    await kill(starter);
    const next = await start(); // the first server may still be ending
    await untilEnded(pid);
    expect(next.isAdopted).toBe(false);
    expect(next.pid).not.toBe(pid);
    expect(await ask(next, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    await next.stop();
  });

  it('is taken over by the next start when its starter and guard are killed, and stopped by it', async () => {
    const { starter, pid } = await startElsewhere();
    for (const guard of guardsOf(pid)) process.kill(guard, 'SIGKILL');
    await kill(starter);

    const heir = await start();
    expect({ isAdopted: heir.isAdopted, pid: heir.pid }).toEqual({ isAdopted: false, pid });
    expect(await ask(heir, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    const guest = await start();
    expect(guest.isAdopted).toBe(true);
    await heir.stop();
    await expect(ask(heir, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('is left running by its starter after another process has taken it over', async () => {
    const first = await start();
    const { starter, pid } = await startElsewhere('--take-over');
    expect(pid).toBe(first.pid);
    await first.stop();
    expect(await ask(first, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await kill(starter);
    await untilEnded(pid);
  });

  it('starts after a server was killed while a backend still ran a statement', async () => {
    const first = await start();
    const busy = new pg.Client({ connectionString: first.superuserUrl('postgres') });
    busy.on('error', () => {});
    await busy.connect();
    const counting = busy.query('SELECT count(*) FROM generate_series(1, 1e11)').catch(() => {});
    while ((await ask(first, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%1e11%' AND state = 'active'")).length < 2);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const next = await start();
    expect(await ask(next, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await counting;
    await next.stop();
  }); // prettier-ignore

  it.each([
    ['names another process that runs now', () => String(process.pid)],
    ['names no process', () => '4194303'],
  ])('starts after the machine was switched off and postmaster.pid %s', async (_, pid) => {
    const first = await start();
    const data = join(first.place.home, 'data');
    const postmasterPid = await readFile(join(data, 'postmaster.pid'), 'utf8');
    await first.stop();
    await writeFile(join(data, 'postmaster.pid'), postmasterPid.replace(String(first.pid), pid()));
    await writeFile(join(first.place.home, 'owner-pid'), `${pid()} 1@another-boot`);
    const next = await start();
    expect(next.isAdopted).toBe(false);
    await next.stop();
  });

  it('starts after the first start was killed during initdb', async () => {
    await mkdir(join(home, 'data-4194303'), { recursive: true });
    await writeFile(join(home, 'data-4194303', 'PG_VERSION'), '18\n');
    const cluster = await start();
    expect(await ask(cluster, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await readdir(cluster.place.home)).filter((name) => name.startsWith('data'))).toEqual(['data']);
    await cluster.stop();
  });

  // Only root hands over to another user, who may not be able to enter root's folders.
  (isRoot ? it : it.skip)(
    'moves to another folder, and says why, when root starts it in a folder that its user cannot enter',
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
