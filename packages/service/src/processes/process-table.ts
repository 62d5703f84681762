import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that runs now. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  /** Its arguments, joined by spaces; may hold secrets. */
  readonly command: string;
  /** The same one by one; where only `ps` tells, an argument with a space counts as two. */
  readonly args: readonly string[];
  /** With the pid it is this process and no later one that got the same number. */
  readonly startedAt: string;
}

/** A process to be found again: by its number alone it may be another one. */
export type ProcessMark = Pick<ProcessEntry, 'pid' | 'startedAt'>;

/** @returns undefined for one that is not there, or has ended and is only waiting to be collected by its parent */
export function processEntry(pid: number): ProcessEntry | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

export const isRunning = ({ pid, startedAt }: ProcessMark): boolean => processEntry(pid)?.startedAt === startedAt;

export const markOf = (pid: number): ProcessMark | undefined => {
  const entry = processEntry(pid);
  return entry && { pid, startedAt: entry.startedAt };
};

/** This process. */
export const ownMark = (): ProcessMark => markOf(process.pid) ?? { pid: process.pid, startedAt: '' };

export const textOf = ({ pid, startedAt }: ProcessMark): string => `${pid} ${startedAt}`;

export function markFrom(text: string): ProcessMark | undefined {
  const [, pid, startedAt = ''] = /^(\d+)(?: (.+))?$/.exec(text.trim()) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), startedAt };
}

/** Sends a signal to a process that may have ended. @returns whether it was there */
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
    // The program's name comes second, in brackets, and may itself have brackets and spaces.
    const [state, ppid, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, ppid: Number(ppid), command: args.join(' ').trim(), args, startedAt: `${more[17]}@${bootId}` };
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
  if (status === null)
    return isThere(pid) ? { pid, ppid: Number.NaN, command: '', args: [], startedAt: '' } : undefined;
  const [, ppid, state, startedAt, command = ''] = /^\s*(\d+)\s+(\S+)\s+(\S+(?:\s+\S+){4})\s+(.*)$/.exec(stdout) ?? [];
  if (status !== 0 || state === undefined || state.startsWith('Z')) return undefined;
  return { pid, ppid: Number(ppid), command, args: command.split(' '), startedAt: startedAt ?? '' };
}

/** For a system without `ps`. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
