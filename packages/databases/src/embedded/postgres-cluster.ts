import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAtomically } from '@pessoa/service/processes/atomic-file';
import { freePort } from '@pessoa/service/processes/free-port';
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
import { answerOf, endOrphanedBackends, type RunningServer, runningServer, stopServerByPid } from './running-server.ts';
import { guardServer } from './server-guard.ts';

/** A running PostgreSQL of our own. */
export interface PostgresCluster {
  readonly host: string;
  readonly port: number;
  /** Connection string of the superuser for a database of the cluster. */
  superuserUrl(database: string): string;
  /** True when another living process started the server; that process also stops it. */
  readonly isAdopted: boolean;
  readonly pid: number;
  /** Programs and folder of the server. */
  readonly place: PostgresPlace;
  /** Resolves when the server has ended for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Fast shutdown: open transactions are rolled back. No effect when another process is to stop the server. */
  stop(): Promise<void>;
}

interface ClusterOptions {
  /** Folder of the cluster, absolute. */
  home: string;
  /** TCP port on 127.0.0.1. Default: a free port, chosen at each start. */
  port?: number | undefined;
  /** Server settings, passed as `-c name=value`. */
  settings?: Readonly<Record<string, string>>;
  /** True: this process becomes the one that stops the server, even if another living process started it. Default: false. */
  takeOver?: boolean;
  /** Receives a sentence whenever the start has to wait for something. */
  report?: (text: string) => void;
}

const HOST = '127.0.0.1';
/** Longest wait for a server that does not answer at all. A server that starts, recovers or shuts down answers that it does. */
const SILENCE_MILLIS = 60_000;
/** Failures that pass: remains of a killed server, or another process that starts the same cluster. */
const TRANSIENT = /lock file "postmaster\.pid"|pre-existing shared memory/;
const TRANSIENT_MILLIS = 60_000;

/**
 * Starts the cluster in `home`, and creates it on first use. Joins the server when it is already running.
 *
 * @throws Error with the output of PostgreSQL when it does not start
 */
export async function startPostgres(options: ClusterOptions): Promise<PostgresCluster> {
  const { home, port, settings = {}, takeOver = false, report: say = () => {} } = options;
  const place = await findPostgres(home);
  const data = join(place.home, 'data');
  const password = await ensureCluster(place, data);
  const url = (atPort: number, database: string) =>
    `postgresql://postgres:${password}@${HOST}:${atPort}/${encodeURIComponent(database)}`;
  const clusterOf = ({ port: serverPort, pid }: RunningServer, ended: Promise<unknown>): Pick<PostgresCluster, 'host' | 'port' | 'pid' | 'place' | 'superuserUrl' | 'ended'> => ({
    host: HOST,
    port: serverPort,
    pid,
    place,
    superuserUrl: (database) => url(serverPort, database),
    ended,
  }); // prettier-ignore

  const retryUntil = performance.now() + TRANSIENT_MILLIS;
  for (;;) {
    const running = await answeringServer(data, place, (at) => url(at, 'postgres'), say);
    if (running) {
      const adopted = !takeOver && (await ownerIsAlive(place));
      if (adopted) return { ...clusterOf(running, untilGone(running.pid)), isAdopted: adopted, stop: async () => {} };
      await takeOwnership(place);
      const guard = guardServer(running.pid, ownerFile(place));
      const stop = async (): Promise<void> => {
        guard.release();
        if (await isOurs(place)) await stopServerByPid(running.pid);
      };
      return { ...clusterOf(running, untilGone(running.pid)), isAdopted: adopted, stop };
    }
    const previousOwner = await ownerOf(place);
    await takeOwnership(place);
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
      return { ...clusterOf({ port: chosenPort, pid }, endOf(server.child)), isAdopted: false, stop };
    }
    guard.release();
    if (previousOwner && isRunning(previousOwner)) await writeFile(ownerFile(place), formatMark(previousOwner)); // that process was faster
    if (!TRANSIENT.test(failure) || performance.now() > retryUntil)
      throw new Error(`PostgreSQL did not start: ${plainReason(failure)}`);
    if (!(await runningServer(data))) endOrphanedBackends(data);
    await sleep(200);
  }
}

/**
 * Finds a running server of this data folder. Waits while it starts or ends, and stops it when it does not answer and has no living
 * owner.
 *
 * @returns undefined without a running server
 */
async function answeringServer(
  data: string,
  place: PostgresPlace,
  url: (port: number) => string,
  say: (text: string) => void,
): Promise<RunningServer | undefined> {
  let silentSince = performance.now();
  for (let isReported = false; ; isReported = true) {
    const server = await runningServer(data);
    if (!server) return undefined;
    const answer = server.port === 0 ? 'busy' : await answerOf(url(server.port));
    if (answer === 'yes') return server;
    if (answer === 'busy') silentSince = performance.now();
    if (performance.now() - silentSince > SILENCE_MILLIS / 4 && !(await ownerIsAlive(place))) {
      say(`ending the PostgreSQL of an earlier start, which does not answer (pid ${server.pid})`);
      await stopServerByPid(server.pid);
    }
    if (!isReported) say(`waiting for the PostgreSQL that is already running (pid ${server.pid})`);
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
  const allSettings = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    shared_buffers: '64MB',
    jit: 'off',
    ...settings,
  };
  const flags = Object.entries(allSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
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

/** @returns undefined when the server answers, or its output when it ended instead */
async function failureToStart(
  { child, log }: Server,
  url: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  let silentSince = performance.now();
  let lastLog = '';
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) return log().trim() || `it ended (${child.signalCode})`;
    const answer = await answerOf(url);
    if (answer === 'yes') return undefined;
    if (answer === 'busy' || log() !== lastLog) {
      if (performance.now() - silentSince > SILENCE_MILLIS / 12)
        say(`PostgreSQL is starting: ${log().trim().split('\n').at(-1)}`);
      silentSince = performance.now();
    }
    lastLog = log();
    if (performance.now() - silentSince > SILENCE_MILLIS) {
      await stopServer(child);
      return `it neither answered nor logged anything for ${SILENCE_MILLIS / 1_000} s; before that: ${lastLog.trim()}`;
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
    child.once('exit', resolve); // not `close`: surviving backends hold its log open
  });

/** Resolves when a process that is not our child has ended. */
const untilGone = (pid: number): Promise<unknown> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (processEntry(pid)) return;
      clearInterval(timer);
      resolve(undefined);
    }, 500);
    timer.unref();
  });

// The file names the process that stops the server. A killed process leaves it behind, and the next start takes the server over.
const ownerFile = (place: PostgresPlace): string => join(place.home, 'owner-pid');
const takeOwnership = (place: PostgresPlace): Promise<void> => writeAtomically(ownerFile(place), formatMark(ownMark()));
const ownerOf = async (place: PostgresPlace): Promise<ProcessMark | undefined> =>
  parseMark(await readFile(ownerFile(place), 'utf8').catch(() => ''));
const isOurs = async (place: PostgresPlace): Promise<boolean> => (await ownerOf(place))?.pid === process.pid;
const ownerIsAlive = async (place: PostgresPlace): Promise<boolean> => {
  const owner = await ownerOf(place);
  return owner !== undefined && isRunning(owner);
};
