import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import autocannon from 'autocannon';
import type { BenchSystem } from './system.ts';

const MIB = 1024 * 1024;

export interface ProcessMemory {
  readonly name: string;
  readonly pssMib: number;
}

/** Measures the PSS of every process of `npm start`, after a minute and 1,000 queries. Linux only. */
export async function measureMemory(system: BenchSystem): Promise<ProcessMemory[]> {
  await sleep(60_000);
  const { non2xx, errors } = await autocannon({
    url: `${system.url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${system.token}` },
    body: JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf: system.exampleCpf } }),
    connections: 16,
    amount: 1_000,
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests failed`);
  return descendants(system.supervisor.pid!).map((pid) => ({ name: processName(pid), pssMib: pssBytes(pid) / MIB }));
}

/** @returns the pids of a process and of all its descendants */
export function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = readIfExists(`/proc/${entry}/stat`);
    // The name in parentheses may contain spaces; the parent is the second field after it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    parents.set(Number(entry), parent);
  }
  const pids = [root];
  for (const pid of pids) for (const [child, parent] of parents) if (parent === pid) pids.push(child);
  return pids;
}

export const readIfExists = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // the process has ended
  }
};

const pssBytes = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(readIfExists(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;

/** @returns the end of the path of a process's script, or its program */
export function processName(pid: number): string {
  const args = readIfExists(`/proc/${pid}/cmdline`).split('\0');
  if (/\bpostgres\b/.test(args[0]!)) return 'PostgreSQL';
  return (
    args
      .find((word) => word.endsWith('.ts'))
      ?.split('/')
      .slice(-3)
      .join('/') ?? args[0]!.slice(0, 60)
  );
}

/** The resident memory of a process. */
export const rssMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readIfExists(`/proc/${pid}/status`))?.[1]) / 1024;
