import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { processEntry } from '@pessoa/service/processes/process-table';

/** The main modules of our services: their processes are recognised by them. */
const OWN_MAIN = /^(.*\/)?((?:subgraphs\/[a-z-]+|indexer|auditor|router)\/src\/main\.ts)$/;

/**
 * Describes the process that listens on a TCP port of this machine, without its whole command line, which may hold secrets.
 * @returns `another program …` when the system does not tell, as for a process of another user
 */
export function portHolder(port: number): string {
  const pid = process.platform === 'linux' ? listenerInProc(port) : listenerByLsof(port);
  const entry = pid === undefined ? undefined : processEntry(pid);
  if (!entry) return 'another program, probably of another user';
  const [, folder = '', main] = entry.args.map((arg) => OWN_MAIN.exec(arg)).find((match) => match !== null) ?? [];
  if (main === undefined) return `${programName(entry.args)} (pid ${entry.pid})`;
  const starter = processEntry(entry.ppid);
  const startedBy = starter?.command.includes('start/main.ts') ? `, started by pid ${starter.pid}` : '';
  return `Pessoa itself, its ${main.replace(/^subgraphs\/|\/src|\/main\.ts$/g, '')} (pid ${entry.pid}${startedBy}) of ${folder || 'another folder'}`;
}

/** The name of the program and, for an interpreter, of its script. */
function programName([program = '', ...args]: readonly string[]): string {
  const script = args.find((arg) => /\.(?:[cm]?[jt]s|py|rb|jar|sh)$/.test(arg));
  return [basename(program), ...(script === undefined ? [] : [basename(script)])].join(' ');
}

function listenerInProc(port: number): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
      linesOf(table).flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
        return state === '0A' && local.endsWith(`:${hexPort}`) ? [`socket:[${inode}]`] : [];
      }),
    ),
  );
  return namesIn('/proc')
    .map(Number)
    .filter(Boolean)
    .find((pid) => namesIn(`/proc/${pid}/fd`).some((fd) => inodes.has(linkOf(`/proc/${pid}/fd/${fd}`))));
}

function listenerByLsof(port: number): number | undefined {
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  return Number((stdout ?? '').split('\n')[0]) || undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
