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
 * @param onResult called for each turn, soon after its end
 */
export async function runTurns(
  { parts }: ChaosSystem,
  { turns, beforeMillis, faultMillis, afterMillis }: Schedule,
  load: SteadyLoad<Outcome>,
  onResult: (result: TurnResult) => void,
): Promise<TurnResult[]> {
  const runTurn = async ({ part, fault }: Turn): Promise<TurnTimes> => {
    const startedAt = performance.now();
    await sleep(beforeMillis);
    const faultAt = performance.now();
    const disturbance = disturbanceOf(parts[part], fault);
    await disturbance.begin();
    if (fault !== 'restart') await sleep(faultMillis);
    const faultEndedAt = performance.now();
    await disturbance.end();
    await sleep(beforeMillis + faultMillis + afterMillis - (performance.now() - startedAt));
    return { startedAt, faultAt, faultEndedAt, endedAt: performance.now() };
  };
  const evaluations: Promise<TurnResult>[] = [];
  for (const turn of turns) {
    const times = await runTurn(turn);
    evaluations.push(
      sleep(LAST_ANSWERS_MILLIS).then(() => {
        const result = evaluateTurn(turn, times, load.outcomes);
        onResult(result);
        return result;
      }),
    );
  }
  return Promise.all(evaluations);
}
