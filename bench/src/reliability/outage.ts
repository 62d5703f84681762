import { setTimeout as sleep } from 'node:timers/promises';
import { compose } from './compose.ts';
import type { Outcome, SteadyLoad } from './steady-load.ts';

// The main query's fields, by their source.
const DEBT = ['nome', 'dividas'];
const SCORE = ['score'];
const EVENT = ['eventos', 'eventos.ultimaConsulta', 'eventos.movimentacaoFinanceira', 'eventos.ultimaCompraCartao'];

/** The fields that an answer may lose while a container is stopped; `everything` is the whole answer. */
export const permittedLosses: Readonly<Record<string, readonly string[]>> = {
  'base-a': DEBT,
  'base-b': SCORE,
  'base-c': EVENT,
  redis: [],
  elasticsearch: [],
  indexer: [],
  auditor: [],
  debt: DEBT,
  score: SCORE,
  event: EVENT,
  // Without the audit nothing is answered. Event also reads from it.
  auditoria: ['everything', ...EVENT],
  router: ['everything', 'no connection'],
};

export interface Phase {
  readonly requests: number;
  readonly completeAnswers: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  readonly maxMillis: number;
}

export interface Outage {
  readonly container: string;
  readonly before: Phase;
  readonly stopped: Phase;
  /** How often each loss occurred, counted from the stop command. */
  readonly losses: ReadonlyMap<string, number>;
  /** The number of requests that lost a field outside `permittedLosses`. */
  readonly unexpectedLosses: number;
  /** From the start command until the end of the last incomplete answer. */
  readonly recoveryMillis: number;
}

const BEFORE_MILLIS = 10_000;
const STOPPED_MILLIS = 15_000;
const AFTER_MILLIS = 20_000;

/** Stops one container under load, starts it again, and evaluates the requests. Takes about 45 seconds. */
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
  const between = (start: number, end: number): Outcome[] =>
    load.outcomes.filter(({ sentAt }) => sentAt >= start && sentAt < end);
  const outcomes = between(stopAt, performance.now());
  const losses = new Map<string, number>();
  for (const loss of outcomes.flatMap(lossesOf)) losses.set(loss, (losses.get(loss) ?? 0) + 1);
  const allowed = new Set(permittedLosses[container]);
  const lastIncomplete = outcomes.filter((outcome) => !isComplete(outcome) && outcome.sentAt >= startAt).at(-1);
  return {
    container,
    before: phaseOf(between(from, stopAt)),
    stopped: phaseOf(between(stoppedAt, startAt)),
    losses,
    unexpectedLosses: outcomes.filter((outcome) => lossesOf(outcome).some((loss) => !allowed.has(fieldOf(loss))))
      .length,
    recoveryMillis: lastIncomplete ? lastIncomplete.sentAt + lastIncomplete.millis - startAt : 0,
  };
}

const isComplete = ({ status, lostFields }: Outcome): boolean => status === 200 && lostFields.length === 0;
const lossesOf = (outcome: Outcome): readonly string[] =>
  isComplete(outcome) || outcome.lostFields.length > 0 ? outcome.lostFields : [`everything (HTTP ${outcome.status})`];
const fieldOf = (loss: string): string => loss.replace(/ \(.*\)$/, '');

function phaseOf(outcomes: readonly Outcome[]): Phase {
  const millis = outcomes.map((outcome) => outcome.millis).toSorted((a, b) => a - b);
  const quantile = (share: number): number =>
    millis[Math.min(millis.length - 1, Math.floor(millis.length * share))] ?? NaN;
  return {
    requests: outcomes.length,
    completeAnswers: outcomes.filter(isComplete).length,
    p50Millis: quantile(0.5),
    p99Millis: quantile(0.99),
    maxMillis: quantile(1),
  };
}
