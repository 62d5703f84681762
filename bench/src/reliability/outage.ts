import { setTimeout as sleep } from 'node:timers/promises';
import { compose } from './compose.ts';
import type { Outcome, SteadyLoad } from './steady-load.ts';

/** The main query's fields by where they come from. */
const DEBT = ['nome', 'dividas'];
const SCORE = ['score'];
const EVENT = ['eventos', 'eventos.ultimaConsulta', 'eventos.movimentacaoFinanceira', 'eventos.ultimaCompraCartao'];

/** Each container and what may be missing while it is stopped; `everything` is the whole answer. */
export const mayCost: Readonly<Record<string, readonly string[]>> = {
  'base-a': DEBT,
  'base-b': SCORE,
  'base-c': EVENT,
  redis: [],
  elasticsearch: [],
  indexer: [],
  debt: DEBT,
  score: SCORE,
  event: EVENT,
  // Nothing is answered that is not written down; and Event reads the audit too.
  auditoria: ['everything', ...EVENT],
  router: ['everything', 'no connection'],
};

export interface Phase {
  readonly requests: number;
  readonly whole: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  readonly maxMillis: number;
}

export interface Outage {
  readonly container: string;
  readonly before: Phase;
  readonly stopped: Phase;
  /** What was missing from the moment it was stopped, with how often. */
  readonly lost: ReadonlyMap<string, number>;
  /** Losses that are not its own. */
  readonly unexpected: number;
  /** From the order to start until answers are whole again and stay so. */
  readonly wholeAgainAfterMillis: number;
}

const BEFORE_MILLIS = 10_000;
const STOPPED_MILLIS = 15_000;
const AFTER_MILLIS = 20_000;

/** Stops one container under load, starts it again, and reads what came of the requests. */
export async function stopAndStart(container: string, load: SteadyLoad): Promise<Outage> {
  const from = performance.now();
  await sleep(BEFORE_MILLIS);
  const stopAt = performance.now();
  await compose('stop', container);
  const stoppedAt = performance.now();
  await sleep(STOPPED_MILLIS);
  const startAt = performance.now();
  await compose('start', container);
  await sleep(AFTER_MILLIS);
  const between = (start: number, end: number): Outcome[] => load.outcomes.filter(({ at }) => at >= start && at < end);
  const since = between(stopAt, performance.now());
  const lost = new Map<string, number>();
  for (const one of since.flatMap(lossesOf)) lost.set(one, (lost.get(one) ?? 0) + 1);
  const allowed = new Set(mayCost[container]);
  const lastBroken = since.filter((one) => !isWhole(one) && one.at >= startAt).at(-1);
  return {
    container,
    before: phaseOf(between(from, stopAt)),
    stopped: phaseOf(between(stoppedAt, startAt)),
    lost,
    unexpected: since.filter((one) => lossesOf(one).some((loss) => !allowed.has(fieldOf(loss)))).length,
    wholeAgainAfterMillis: lastBroken ? lastBroken.at + lastBroken.millis - startAt : 0,
  };
}

const isWhole = ({ status, lost }: Outcome): boolean => status === 200 && lost.length === 0;
const lossesOf = (one: Outcome): readonly string[] =>
  isWhole(one) || one.lost.length > 0 ? one.lost : [`everything (HTTP ${one.status})`];
const fieldOf = (loss: string): string => loss.replace(/ \(.*\)$/, '');

function phaseOf(outcomes: readonly Outcome[]): Phase {
  const millis = outcomes.map((one) => one.millis).toSorted((a, b) => a - b);
  const at = (share: number): number => millis[Math.min(millis.length - 1, Math.floor(millis.length * share))] ?? NaN;
  return {
    requests: outcomes.length,
    whole: outcomes.filter(isWhole).length,
    p50Millis: at(0.5),
    p99Millis: at(0.99),
    maxMillis: at(1),
  };
}
