import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A running process. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  /** Its arguments, joined by spaces. They may contain secrets. */
  readonly command: string;
  /** Its arguments. On systems without /proc, an argument with a space counts as two. */
  readonly args: readonly string[];
  /** Distinguishes this process from a later one with the same pid. */
  readonly startedAt: string;
}

/** Identifies a process. The pid alone is not enough, because the system reuses pids. */
export type ProcessMark = Pick<ProcessEntry, 'pid' | 'startedAt'>;

/** @returns undefined when no such process runs; a zombie, whose parent has not collected it yet, does not run */
export function processEntry(pid: number): ProcessEntry | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

export const isRunning = ({ pid, startedAt }: ProcessMark): boolean => processEntry(pid)?.startedAt === startedAt;

export const markOf = (pid: number): ProcessMark | undefined => {
  const entry = processEntry(pid);
  return entry && { pid, startedAt: entry.startedAt };
};

/** The mark of this process. */
export const ownMark = (): ProcessMark => markOf(process.pid) ?? { pid: process.pid, startedAt: '' };

export const formatMark = ({ pid, startedAt }: ProcessMark): string => `${pid} ${startedAt}`;

export function parseMark(text: string): ProcessMark | undefined {
  const [, pid, startedAt = ''] = /^(\d+)(?: (.+))?$/.exec(text.trim()) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), startedAt };
}

/** Sends a signal to a process that may have ended. @returns whether the signal was sent */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

let bootId: string | undefined;

function fromProc(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name of the program in brackets, and the name may contain brackets and spaces.
    const [state, ppid, ...statFields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, ppid: Number(ppid), command: args.join(' ').trim(), args, startedAt: `${statFields[17]}@${bootId}` };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): ProcessEntry | undefined {
  const columns = ['-o', 'ppid=', '-o', 'stat=', '-o', 'lstart=', '-o', 'command='];
  const { status, stdout } = spawnSync('ps', [...columns, '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
  });
  if (status === null) return exists(pid) ? { pid, ppid: Number.NaN, command: '', args: [], startedAt: '' } : undefined;
  const [, ppid, state, startedAt, command = ''] = /^\s*(\d+)\s+(\S+)\s+(\S+(?:\s+\S+){4})\s+(.*)$/.exec(stdout) ?? [];
  if (status !== 0 || state === undefined || state.startsWith('Z')) return undefined;
  return { pid, ppid: Number(ppid), command, args: command.split(' '), startedAt: startedAt ?? '' };
}

/** Whether a process exists, for a system without `ps`. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
