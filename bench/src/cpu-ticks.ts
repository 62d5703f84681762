import { processName, readIfExists } from './memory.ts';

/** Of Linux, on every machine in use. */
export const MILLIS_PER_TICK = 10;

const FIELDS = [11, 12, 13, 14]; // its own time, user and system, and that of the children which have ended

/** @returns the CPU so far of these processes, in ticks by name: `PostgreSQL`, or as `processName` has it */
export function cpuTicks(pids: readonly number[]): Map<string, number> {
  const ticks = new Map<string, number>();
  for (const pid of pids) {
    const stat = readIfExists(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const name = processName(pid);
    const own = FIELDS.reduce((sum, field) => sum + Number(fields[field] ?? 0), 0);
    ticks.set(name, (ticks.get(name) ?? 0) + own);
  }
  return ticks;
}
