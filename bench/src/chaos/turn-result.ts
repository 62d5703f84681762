import { percentile } from '../measurements.ts';
import { type Class, classes, classOf, isFailure, isPermitted, type Outcome } from './classes.ts';
import type { Turn } from './parts.ts';
import { type PermittedLosses, permittedLosses } from './permitted-losses.ts';

/** When the phases of a turn began, by `performance.now()`. */
export interface TurnTimes {
  readonly startedAt: number;
  readonly faultAt: number;
  /** The fault ended, or the command to start the part again was given. */
  readonly faultEndedAt: number;
  readonly endedAt: number;
}

export interface TurnResult extends Turn {
  readonly requests: number;
  readonly counts: Readonly<Record<Class, number>>;
  /** Requests that the fault does not permit to fail, and how many of them failed. */
  readonly outside: number;
  readonly outsideFailures: number;
  readonly p95BeforeMillis: number;
  readonly p95DuringMillis: number;
  /** From the end of the fault until the end of the last answer that was not whole. */
  readonly recoveryMillis: number;
  /** How often each loss occurred that no permission covers, and each wrong value, by name. */
  readonly faultsFound: ReadonlyMap<string, number>;
}

/** A part that takes longer to recover loses its permission. */
export const RECOVERY_MILLIS = 15_000;
/** A restart is short: what comes right after it counts as during. */
const DURING_MILLIS = 5_000;

/** Evaluates the requests that were sent in a turn. */
export function evaluateTurn(turn: Turn, times: TurnTimes, outcomes: readonly Outcome[]): TurnResult {
  const { startedAt, faultAt, faultEndedAt, endedAt } = times;
  const sent = outcomes.filter(({ sentAt }) => sentAt >= startedAt && sentAt < endedAt);
  const permitted = permittedLosses(turn);
  const permittedFor = ({ sentAt, millis }: Outcome): PermittedLosses | undefined =>
    sentAt + millis >= faultAt && sentAt < faultEndedAt + RECOVERY_MILLIS ? permitted : undefined;
  const counts = Object.fromEntries(classes.map((name) => [name, 0])) as Record<Class, number>;
  const faultsFound = new Map<string, number>();
  let [outside, outsideFailures, lastBad] = [0, 0, faultEndedAt];
  for (const outcome of sent) {
    const losses = permittedFor(outcome);
    const name = classOf(outcome, losses);
    const isAllowed = isPermitted(outcome, losses);
    counts[name]++;
    const isForbiddenFailure = isFailure(outcome) && !isAllowed;
    if (isForbiddenFailure || losses?.fields.includes(outcome.whole) !== true) outside++;
    if (isForbiddenFailure) outsideFailures++;
    if (name !== 'whole' && outcome.sentAt + outcome.millis >= faultAt)
      lastBad = Math.max(lastBad, outcome.sentAt + outcome.millis);
    for (const found of faultsIn(outcome, isAllowed)) faultsFound.set(found, (faultsFound.get(found) ?? 0) + 1);
  }
  const p95 = (from: number, to: number): number => {
    const times = sent.filter(({ sentAt }) => sentAt >= from && sentAt < to).map(({ millis }) => millis);
    return times.length === 0 ? NaN : percentile(times, 0.95);
  };
  return {
    ...turn,
    requests: sent.length,
    counts,
    outside,
    outsideFailures,
    p95BeforeMillis: p95(startedAt, faultAt),
    p95DuringMillis: p95(faultAt, Math.max(faultEndedAt, faultAt + DURING_MILLIS)),
    recoveryMillis: lastBad - faultEndedAt,
    faultsFound,
  };
}

const faultsIn = ({ wrong, losses }: Outcome, isAllowed: boolean): string[] => [
  ...wrong.map((path) => `wrong: ${nameOf(path)}`),
  ...(isAllowed ? [] : losses.map(({ field, code }) => `${field} (${code})`)),
];

/** Leaves out the places in lists. */
const nameOf = (path: string): string => path.split('.').filter((step) => !/^\d+$/.test(step)).join('.'); // prettier-ignore
