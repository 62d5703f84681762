import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessEntry, processEntry, signal } from '@pessoa/service/processes/process-table';
import pg from 'pg';

/** A running postmaster. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** Answer of a server to a connection. `busy`: it starts, recovers or shuts down. */
export type ServerAnswer = 'yes' | 'busy' | 'no';

/**
 * Finds the running server of a data folder by its postmaster.pid. After a crash of the machine, the file may name an unrelated process
 * and would prevent a start: it is then removed.
 */
export async function runningServer(data: string): Promise<RunningServer | undefined> {
  const lines = linesOf(join(data, 'postmaster.pid'));
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid) return undefined;
  const entry = processEntry(pid);
  if (entry && isServerOf(entry, data)) return { pid, port: port || 0 }; // PostgreSQL writes the port a moment later
  if (entry) await rm(join(data, 'postmaster.pid'), { force: true });
  return undefined;
}

/** In doubt true: removing the file of a running server would allow a second server on the same data. */
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

const NOT_THE_PASSWORD = 'the embedded PostgreSQL refuses the password in the file superuser-password beside its data'; // prettier-ignore

/** @throws Error when the server refuses our password */
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

/** Stops a server that is not our child: by a fast shutdown, after 30 s by an immediate one, after 10 s more by SIGKILL. */
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
 * Kills the backends of a killed postmaster. A backend in a long statement does not notice that its postmaster is gone, and its shared
 * memory prevents the next start. Works on Linux only; elsewhere the start waits for them.
 */
export function endOrphanedBackends(data: string): void {
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
