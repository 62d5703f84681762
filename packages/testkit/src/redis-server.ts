import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/databases/embedded/postgres-cluster';

const START_MILLIS = 10_000;
const run = promisify(execFile);

/** A redis-server of a test's own on a free port, which it may stop, pause and misconfigure. Keeps nothing on disk. */
export interface OwnRedis {
  readonly port: number;
  readonly url: string;
  /** Runs one command by redis-cli and gives its answer. @throws Error when the server refuses it */
  command(...words: string[]): Promise<string>;
  /** How many commands of this name it has run, such as `mget`. */
  calls(name: string): Promise<number>;
  /** Ends the process at once, as a crash would. */
  stop(): Promise<void>;
  /** On the same port, empty. */
  start(): Promise<void>;
  /** Stops it in the middle of whatever it does: connections stay and nobody answers. */
  pause(): void;
  resume(): void;
  /** The end of it. */
  close(): Promise<void>;
}

/** What docs/operations.md says that our user needs. */
export const documentedRights = {
  always: ['+mget', '+get', '+set', '+del', '+eval', '+evalsha', '+script', '+info'],
  ofDatabase: ['+select'],
  inCluster: ['+cluster|slots', '+cluster|info', '+ping'],
};

/** The two users of docs/operations.md, and of docker-compose.yml: the services', and that of `npm run cache:invalidate`. */
export const cacheUsers = {
  services: {
    keys: ['~score:*', '~event:*', '~geracao:*'],
    rights: ['+mget', '+get', '+set', '+eval', '+evalsha', '+info'],
  },
  operators: { keys: ['%W~score:*', '%W~event:*', '%W~geracao:*'], rights: ['+set', '+del', '+info'] },
};

/**
 * @param rights `+` and a command, of which the user may run no others
 * @param keys patterns of keys that the user may use
 */
export async function makeUser(
  redis: OwnRedis,
  user: { username: string; password: string },
  rights: readonly string[],
  keys: readonly string[] = ['~*'],
): Promise<void> {
  await redis.command('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, ...keys, ...rights);
}

/** @param options further words of its command line */
export async function startRedis(...options: string[]): Promise<OwnRedis> {
  return startOn(await freePort(), options);
}

/** One that watches a master and, alone, decides that it is down after half a second. */
export async function startSentinel(name: string, master: OwnRedis): Promise<OwnRedis> {
  const sentinel = await startOn(
    await freePort(),
    ['--sentinel'],
    [`sentinel monitor ${name} 127.0.0.1 ${master.port} 1`],
  );
  await sentinel.command('SENTINEL', 'SET', name, 'down-after-milliseconds', '500', 'failover-timeout', '3000');
  return sentinel;
}

/** A cluster of three masters without replicas. */
export async function startRedisCluster(): Promise<readonly OwnRedis[]> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'];
  const nodes = await Promise.all([1, 2, 3].map(async () => startOn(await freeClusterPort(), options)));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  for (const node of nodes) {
    await until(async () => (await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  }
  return nodes;
}

/** Nodes speak with one another on the port 10,000 above. */
async function freeClusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port + 10_000 <= 65_535) return port;
  }
}

async function startOn(
  port: number,
  options: readonly string[],
  configuration: readonly string[] = [],
): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-redis-'));
  const isSentinel = options.includes('--sentinel');
  if (isSentinel) await writeFile(join(folder, 'sentinel.conf'), configuration.join('\n'));
  const words = [
    ...(isSentinel ? [join(folder, 'sentinel.conf'), '--sentinel'] : ['--save', '', ...options]),
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
  ];
  let child: ChildProcess;
  const command = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('redis-cli', ['-e', '-p', String(port), ...args]);
    return stdout.trimEnd();
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    child = spawn('redis-server', words, { stdio: 'ignore' });
    await until(async () => (await command('PING')) === 'PONG');
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command,
    async calls(name) {
      const found = new RegExp(`^cmdstat_${name}:calls=(\\d+)`, 'm').exec(await command('INFO', 'commandstats'));
      return Number(found?.[1] ?? 0);
    },
    stop,
    start,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + START_MILLIS;
  while (!(await isTrue().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('a redis-server of the test did not come up');
    await sleep(30);
  }
}
