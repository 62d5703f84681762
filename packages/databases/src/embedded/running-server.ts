import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessEntry, processEntry, signal } from '@pessoa/service/processes/process-table';
import pg from 'pg';

/** A postmaster that runs on certain data. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** What a server says to a connection; `busy`: it starts, recovers or shuts down. */
export type ServerAnswer = 'yes' | 'busy' | 'no';

/**
 * The server of these data as postmaster.pid has it. A file left by a machine that was switched off names a process that
 * is another one now, and would keep PostgreSQL from starting: it is removed.
 */
export async function runningServer(data: string): Promise<RunningServer | undefined> {
  const lines = linesOf(join(data, 'postmaster.pid'));
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid) return undefined;
  const entry = processEntry(pid);
  if (entry && isServerOf(entry, data)) return { pid, port: port || 0 }; // the port is written a moment later
  if (entry) await rm(join(data, 'postmaster.pid'), { force: true });
  return undefined;
}

/** In doubt it is: without its file a server that runs would get a second one on the same data. */
function isServerOf({ pid, command }: ProcessEntry, data: string): boolean {
  if (command !== '' && !command.includes('postgres')) return false;
  return command.includes(data) || (workingFolder(pid) ?? realpathSync(data)) === realpathSync(data);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

const NOT_THE_PASSWORD = 'the embedded PostgreSQL does not take the password that is kept in superuser-password, beside its data'; // prettier-ignore

/** @throws Error when the server is not ours to enter */
export async function answerOf(connectionString: string): Promise<ServerAnswer> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'yes';
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === '28P01') throw new Error(NOT_THE_PASSWORD, { cause: error });
    return code === '57P03' ? 'busy' : 'no';
  } finally {
    await client.end().catch(() => {});
  }
}

/** Stops a server that is no child of ours: fast, then at once, then by force. */
export async function stopServerByPid(pid: number): Promise<void> {
  for (const [name, patienceMillis] of [['SIGINT', 30_000], ['SIGQUIT', 10_000], ['SIGKILL', 10_000]] as const) {
    signal(pid, name);
    for (let waited = 0; waited < patienceMillis; waited += 20) {
      if (!processEntry(pid)) return;
      await sleep(20);
    }
  }
} // prettier-ignore

/**
 * Ends what a killed postmaster has left: a backend in the middle of a long statement does not notice, and its shared
 * memory keeps the next server from starting. Only where there is a /proc; elsewhere they are waited for.
 */
export function endLeftBackends(data: string): void {
  if (process.platform !== 'linux') return;
  const folder = realpathSync(data);
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    const entry = processEntry(pid);
    if (entry?.command.startsWith('postgres') && workingFolder(pid) === folder) signal(pid, 'SIGKILL');
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
