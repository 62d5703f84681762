import { setTimeout as sleep } from 'node:timers/promises';
import { type SteadyLoad } from '../steady-load.ts';
import type { ChaosSystem } from './chaos-system.ts';
import type { Outcome } from './classes.ts';
import { disturbanceOf } from './disturb.ts';
import type { Turn } from './parts.ts';
import type { Schedule } from './schedule.ts';
import { evaluateTurn, type TurnResult, type TurnTimes } from './turn-result.ts';

/** A turn is evaluated when its last requests have answers. */
const LAST_ANSWERS_MILLIS = 10_500;

/**
 * Disturbs the parts by turns under the load.
 *
 * @param options.onResult called for each turn, soon after its end
 * @param options.signal ends the run in the middle of a turn
 * @throws AbortError when the signal ends it
 */
export async function runTurns(
  { parts }: ChaosSystem,
  { turns, beforeMillis, faultMillis, afterMillis }: Schedule,
  load: SteadyLoad<Outcome>,
  { onResult, signal }: { onResult: (result: TurnResult) => void; signal: AbortSignal },
): Promise<TurnResult[]> {
  const wait = (millis: number): Promise<void> => sleep(millis, undefined, { signal });
  const runTurn = async ({ part, fault }: Turn): Promise<TurnTimes> => {
    const startedAt = performance.now();
    await wait(beforeMillis);
    const faultAt = performance.now();
    const disturbance = disturbanceOf(parts[part], fault);
    await disturbance.begin();
    if (fault !== 'restart') await wait(faultMillis);
    const faultEndedAt = performance.now();
    await disturbance.end();
    await wait(beforeMillis + faultMillis + afterMillis - (performance.now() - startedAt));
    return { startedAt, faultAt, faultEndedAt, endedAt: performance.now() };
  };
  const evaluations: Promise<TurnResult>[] = [];
  for (const turn of turns) {
    const times = await runTurn(turn);
    const evaluation = wait(LAST_ANSWERS_MILLIS).then(() => {
      const result = evaluateTurn(turn, times, load.outcomes);
      onResult(result);
      return result;
    });
    evaluation.catch(() => {}); // an abort ends the next turn too, before anybody waits for this
    evaluations.push(evaluation);
  }
  return Promise.all(evaluations);
}
