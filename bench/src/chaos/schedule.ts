import { faultsOf, parts, type Turn } from './parts.ts';

/** The turns of a run, one after another, and how long each phase of a turn lasts. */
export interface Schedule {
  readonly turns: readonly Turn[];
  /** Nothing is disturbed. */
  readonly beforeMillis: number;
  /** The part is disturbed. A restart takes less, and leaves more time to recover. */
  readonly faultMillis: number;
  /** From the end of the fault on, the part recovers. */
  readonly afterMillis: number;
}

const SHORTEST_SECONDS = 24;
const LONGEST_SECONDS = 60;

/** Every part with every fault that it can have. Each part comes once before a part comes again, and faults change from turn to turn. */
export function allTurns(): Turn[] {
  const rounds = Math.max(...parts.map((part) => faultsOf[part].length));
  return Array.from({ length: rounds }, (_, round) =>
    parts.flatMap((part, index) => {
      const own = faultsOf[part];
      return round < own.length ? [{ part, fault: own[(round + index) % own.length]! }] : [];
    }),
  ).flat();
}

/**
 * Fits the turns into the time. In a short time only the first ones take place, in a long time they begin again.
 *
 * @param turns default: all
 */
export function scheduleOf(minutes: number, turns: readonly Turn[] = allTurns()): Schedule {
  const seconds = minutes * 60;
  const turnSeconds = Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds / turns.length));
  const count = Math.max(1, Math.floor(seconds / turnSeconds + 1e-6));
  return {
    turns: Array.from({ length: count }, (_, index) => turns[index % turns.length]!),
    beforeMillis: (turnSeconds * 1_000) / 6,
    faultMillis: (turnSeconds * 1_000) / 3,
    afterMillis: (turnSeconds * 1_000) / 2,
  };
}
