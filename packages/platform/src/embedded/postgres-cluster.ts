import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findPostgres, type PostgresPlace } from './postgres-binaries.ts';

/** A running PostgreSQL of our own. */
export interface PostgresCluster {
  readonly host: string;
  readonly port: number;
  /** Connection string of the superuser for a database of the cluster. */
  superuserUrl(database: string): string;
  /** True when another process that is still alive started it; that one also stops it. */
  readonly adopted: boolean;
  readonly pid: number;
  /** Where its data lies and, if not in the folder asked for, why. */
  readonly place: PostgresPlace;
  /** Fast shutdown: open transactions are rolled back. No effect on an adopted one. */
  stop(): Promise<void>;
}

interface ClusterOptions {
  /** Folder of the cluster, absolute. */
  home: string;
  /** TCP port on 127.0.0.1; default: a free one, chosen anew at each start. */
  port?: number | undefined;
  /** Settings given as `-c name=value`. */
  settings?: Readonly<Record<string, string>>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT_MILLIS = 30_000;

/** Starts the cluster in `home`, made on first use; joins it when it is running already. */
export async function startPostgres({ home, port, settings = {} }: ClusterOptions): Promise<PostgresCluster> {
  const place = await findPostgres(home);
  const data = join(place.home, 'data');
  const password = await ensureCluster(place, data);
  const url = (atPort: number, database: string) =>
    `postgresql://postgres:${password}@${HOST}:${atPort}/${encodeURIComponent(database)}`;

  const running = await runningServer(data);
  if (running && (await answers(url(running.port, 'postgres')))) {
    const adopted = await ownerIsAlive(place);
    if (!adopted) await own(place);
    return {
      host: HOST,
      port: running.port,
      pid: running.pid,
      adopted,
      place,
      superuserUrl: (database) => url(running.port, database),
      stop: async () => {
        if (!adopted) await stopOrphan(running.pid);
      },
    };
  }
  const chosenPort = port ?? (await freePort());
  const server = await launch(place, data, chosenPort, settings);
  await ready(server, url(chosenPort, 'postgres'));
  await own(place);
  return {
    host: HOST,
    port: chosenPort,
    pid: server.child.pid!,
    adopted: false,
    place,
    superuserUrl: (database) => url(chosenPort, database),
    stop: () => stopServer(server.child),
  };
}

async function ensureCluster(place: PostgresPlace, data: string): Promise<string> {
  const passwordFile = join(place.home, 'superuser-password');
  if (await exists(join(data, 'PG_VERSION'))) return readFile(passwordFile, 'utf8');
  await rm(data, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.user) for (const path of [data, passwordFile]) await chown(path, place.user.uid, place.user.gid);
  const flags = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(place, place.initdb, [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags]);
  return password;
}

async function run(place: PostgresPlace, program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, {
    ...place.user,
    cwd: place.home,
    ...plainEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk));
  await new Promise<void>((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`${program} could not be run`, { cause })));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} failed: ${said.trim()}`))));
  });
}

/**
 * What initdb and the server see of the process's environment: nothing. initdb writes TZ and the locale into the
 * configuration of the cluster and refuses a locale that the machine does not have, and the server takes PGDATESTYLE and
 * the like for its defaults. Windows programs need more than this to start, and get what we have.
 */
const plainEnvironment = platform() === 'win32' ? {} : { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };

interface Server {
  readonly child: ChildProcess;
  readonly log: () => string;
}

async function launch(
  place: PostgresPlace,
  data: string,
  port: number,
  settings: Record<string, string>,
): Promise<Server> {
  const all = { listen_addresses: HOST, unix_socket_directories: '', shared_buffers: '64MB', jit: 'off', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(place.postgres, ['-D', data, '-p', String(port), ...flags], {
    ...place.user,
    cwd: place.home,
    ...plainEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // Ctrl-C reaches the whole process group; the database must outlive the services that drain
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log = (log + chunk).slice(-4_000)));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`${place.postgres} could not be run`, { cause })));
  });
  return { child, log: () => log };
}

async function ready({ child, log }: Server, url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MILLIS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log().trim()}`);
    if (await answers(url)) return;
    await sleep(30);
  }
  await stopServer(child);
  throw new Error(`PostgreSQL did not answer within ${START_TIMEOUT_MILLIS / 1_000} s: ${log().trim()}`);
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGINT');
  await closed;
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** What postmaster.pid says of a server that runs on these data, if its process is alive. */
async function runningServer(data: string): Promise<{ pid: number; port: number } | undefined> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').then((text) => text.split('\n'), () => []); // prettier-ignore
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !port) return undefined;
  return isAlive(pid) ? { pid, port } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// A starter that was killed leaves its server behind: whoever finds it without a living owner takes it over.
const ownerFile = (place: PostgresPlace): string => join(place.home, 'owner-pid');
const own = (place: PostgresPlace): Promise<void> => writeFile(ownerFile(place), String(process.pid));
const ownerIsAlive = async (place: PostgresPlace): Promise<boolean> =>
  isAlive(Number(await readFile(ownerFile(place), 'utf8').catch(() => '')) || Number.NaN);

async function stopOrphan(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGINT');
  while (isAlive(pid)) await sleep(20);
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false); // prettier-ignore
