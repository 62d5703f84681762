import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAtomically } from '@pessoa/service/processes/atomic-file';
import {
  isRunning,
  parseMark,
  ownMark,
  processEntry,
  type ProcessMark,
  formatMark,
} from '@pessoa/service/processes/process-table';
import { ensureCluster, plainEnvironment, plainReason } from './cluster-data.ts';
import { findPostgres, type PostgresPlace } from './postgres-binaries.ts';
import { answerOf, endLeftBackends, type RunningServer, runningServer, stopServerByPid } from './running-server.ts';
import { guardServer } from './server-guard.ts';

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
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Fast shutdown: open transactions are rolled back. No effect on one that another process stops. */
  stop(): Promise<void>;
}

interface ClusterOptions {
  /** Folder of the cluster, absolute. */
  home: string;
  /** TCP port on 127.0.0.1; default: a free one, chosen anew at each start. */
  port?: number | undefined;
  /** Settings given as `-c name=value`. */
  settings?: Readonly<Record<string, string>>;
  /** True: from now on this process stops it, also one that another process started and is still using. Default: false. */
  takeOver?: boolean;
  /** Told what is waited for. */
  say?: (text: string) => void;
}

const HOST = '127.0.0.1';
/** A server that starts, recovers or shuts down says so; one that says nothing for so long is not waited for. */
const SILENCE_MILLIS = 60_000;
/** What ends by itself, of servers that were killed, or of others that start the same one. */
const PASSING = /lock file "postmaster\.pid"|pre-existing shared memory/;
const PASSING_MILLIS = 60_000;

/** Starts the cluster in `home`, made on first use; joins it when it is running already. */
export async function startPostgres(options: ClusterOptions): Promise<PostgresCluster> {
  const { home, port, settings = {}, takeOver = false, say = () => {} } = options;
  const place = await findPostgres(home);
  const data = join(place.home, 'data');
  const password = await ensureCluster(place, data);
  const url = (atPort: number, database: string) =>
    `postgresql://postgres:${password}@${HOST}:${atPort}/${encodeURIComponent(database)}`;
  const clusterOf = ({ port: itsPort, pid }: RunningServer, ended: Promise<unknown>): Pick<PostgresCluster, 'host' | 'port' | 'pid' | 'place' | 'superuserUrl' | 'ended'> => ({
    host: HOST,
    port: itsPort,
    pid,
    place,
    superuserUrl: (database) => url(itsPort, database),
    ended,
  }); // prettier-ignore

  const passingUntil = performance.now() + PASSING_MILLIS;
  for (;;) {
    const running = await joinable(data, place, (at) => url(at, 'postgres'), say);
    if (running) {
      const adopted = !takeOver && (await ownerIsAlive(place));
      if (adopted) return { ...clusterOf(running, gone(running.pid)), adopted, stop: async () => {} };
      await own(place);
      const guard = guardServer(running.pid, ownerFile(place));
      const stop = async (): Promise<void> => {
        guard.release();
        if (await isOurs(place)) await stopServerByPid(running.pid);
      };
      return { ...clusterOf(running, gone(running.pid)), adopted, stop };
    }
    const before = await ownerOf(place);
    await own(place);
    const chosenPort = port ?? (await freePort());
    const server = await launch(place, data, chosenPort, settings);
    const guard = guardServer(server.child.pid!, ownerFile(place));
    const failure = await failureToStart(server, url(chosenPort, 'postgres'), say);
    if (failure === undefined) {
      const stop = async (): Promise<void> => {
        guard.release();
        if (await isOurs(place)) return stopServer(server.child);
        server.child.unref();
        server.child.stderr!.destroy();
      };
      const pid = server.child.pid!;
      return { ...clusterOf({ port: chosenPort, pid }, endOf(server.child)), adopted: false, stop };
    }
    guard.release();
    if (before && isRunning(before)) await writeFile(ownerFile(place), formatMark(before)); // it was faster
    if (!PASSING.test(failure) || performance.now() > passingUntil)
      throw new Error(`PostgreSQL did not start: ${plainReason(failure)}`);
    if (!(await runningServer(data))) endLeftBackends(data);
    await sleep(200);
  }
}

/** A server of these data that answers; one that is starting or ending is waited for, one without an owner that is dumb is ended. */
async function joinable(
  data: string,
  place: PostgresPlace,
  url: (port: number) => string,
  say: (text: string) => void,
): Promise<RunningServer | undefined> {
  let silentSince = performance.now();
  for (let said = false; ; said = true) {
    const server = await runningServer(data);
    if (!server) return undefined;
    const answer = server.port === 0 ? 'busy' : await answerOf(url(server.port));
    if (answer === 'yes') return server;
    if (answer === 'busy') silentSince = performance.now();
    if (performance.now() - silentSince > SILENCE_MILLIS / 4 && !(await ownerIsAlive(place))) {
      say(`ending the PostgreSQL of an earlier start, which does not answer (pid ${server.pid})`);
      await stopServerByPid(server.pid);
    }
    if (!said) say(`waiting for the PostgreSQL that runs already (pid ${server.pid})`);
    await sleep(50);
  }
}

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

/** @returns undefined once it answers, or what it said before it ended */
async function failureToStart(
  { child, log }: Server,
  url: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  let silentSince = performance.now();
  let heard = '';
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) return log().trim() || `it ended (${child.signalCode})`;
    const answer = await answerOf(url);
    if (answer === 'yes') return undefined;
    if (answer === 'busy' || log() !== heard) {
      if (performance.now() - silentSince > SILENCE_MILLIS / 12)
        say(`PostgreSQL is starting: ${log().trim().split('\n').at(-1)}`);
      silentSince = performance.now();
    }
    heard = log();
    if (performance.now() - silentSince > SILENCE_MILLIS) {
      await stopServer(child);
      return `it did not answer, nor say anything for ${SILENCE_MILLIS / 1_000} s; before that: ${heard.trim()}`;
    }
    await sleep(30);
  }
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = endOf(child);
  const byForce = setTimeout(() => child.kill('SIGQUIT'), 30_000);
  child.kill('SIGINT');
  await ended;
  clearTimeout(byForce);
}

const endOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
    child.once('exit', resolve); // not `close`: backends that outlive it hold its log open
  });

/** Resolves when a process that is no child of ours has ended. */
const gone = (pid: number): Promise<unknown> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (processEntry(pid)) return;
      clearInterval(timer);
      resolve(undefined);
    }, 500);
    timer.unref();
  });

// Who stops the server: a starter that was killed leaves its file behind, and whoever finds it takes the server over.
const ownerFile = (place: PostgresPlace): string => join(place.home, 'owner-pid');
const own = (place: PostgresPlace): Promise<void> => writeAtomically(ownerFile(place), formatMark(ownMark()));
const ownerOf = async (place: PostgresPlace): Promise<ProcessMark | undefined> =>
  parseMark(await readFile(ownerFile(place), 'utf8').catch(() => ''));
const isOurs = async (place: PostgresPlace): Promise<boolean> => (await ownerOf(place))?.pid === process.pid;
const ownerIsAlive = async (place: PostgresPlace): Promise<boolean> => {
  const owner = await ownerOf(place);
  return owner !== undefined && isRunning(owner);
};

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
