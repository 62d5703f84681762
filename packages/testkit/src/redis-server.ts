import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/service/processes/free-port';

const START_MILLIS = 10_000;
const run = promisify(execFile);

/** A test's own redis-server on a free port. The test may stop, pause and misconfigure it. It stores nothing on disk. */
export interface OwnRedis {
  readonly port: number;
  readonly url: string;
  /** Runs one command by redis-cli. @returns its answer. @throws Error when the server refuses it */
  command(...words: string[]): Promise<string>;
  /** Number of executed commands of this name, such as `mget`. */
  calls(name: string): Promise<number>;
  /** Kills the process, like a crash. */
  stop(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** Suspends the process: connections stay open and get no answer. */
  pause(): void;
  resume(): void;
  /** Stops it for good and removes its folder. */
  close(): Promise<void>;
}

/** What the services' user needs for the limits of clients and for DPoP proofs, beside what the cache needs. */
const limiterRights = {
  keys: ['~limit:*', '~proof:*'],
  rights: ['+incrby', '+expire', '+pexpire', '+pttl', '+scard', '+smismember', '+sadd'],
};

/** Rights that our user needs by docs/operations.md. */
export const documentedRights = {
  always: ['+mget', '+get', '+set', '+del', '+eval', '+evalsha', '+script', '+info'],
  ofDatabase: ['+select'],
  ofLimits: limiterRights.rights,
  inCluster: ['+cluster|slots', '+cluster|info', '+ping'],
};

/** The two users of docs/operations.md and docker-compose.yml: of the services, and of `npm run cache:invalidate`. */
export const cacheUsers = {
  services: {
    keys: ['~score:*', '~event:*', '~geracao:*', ...limiterRights.keys],
    rights: ['+mget', '+get', '+set', '+eval', '+evalsha', '+info', ...limiterRights.rights],
  },
  operators: { keys: ['%W~score:*', '%W~event:*', '%W~geracao:*'], rights: ['+set', '+del', '+info'] },
};

/**
 * @param rights the only commands that the user may run, each with `+`
 * @param keys patterns of the keys that the user may use
 */
export async function makeUser(
  redis: OwnRedis,
  user: { username: string; password: string },
  rights: readonly string[],
  keys: readonly string[] = ['~*'],
): Promise<void> {
  await redis.command('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, ...keys, ...rights);
}

/** @param options further arguments of redis-server */
export async function startRedis(...options: string[]): Promise<OwnRedis> {
  return startOn(await freePort(), options);
}

/** Starts a sentinel that alone decides, after half a second, that its master is down. */
export async function startSentinel(name: string, master: OwnRedis): Promise<OwnRedis> {
  const sentinel = await startOn(
    await freePort(),
    ['--sentinel'],
    [`sentinel monitor ${name} 127.0.0.1 ${master.port} 1`],
  );
  await sentinel.command('SENTINEL', 'SET', name, 'down-after-milliseconds', '500', 'failover-timeout', '3000');
  return sentinel;
}

/** Starts a cluster of three masters without replicas. */
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

/** A node of a cluster also listens on its port + 10,000, which must not be a port of outgoing connections either. */
async function freeClusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort({ from: 20_000, to: 22_767 });
    const bus = { from: port + 10_000, to: port + 10_000 };
    const isBusFree = await freePort(bus).then(() => true, () => false); // prettier-ignore
    if (isBusFree) return port;
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
      const match = new RegExp(`^cmdstat_${name}:calls=(\\d+)`, 'm').exec(await command('INFO', 'commandstats'));
      return Number(match?.[1] ?? 0);
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
    if (performance.now() > deadline) throw new Error('a redis-server of the test did not start');
    await sleep(30);
  }
}
