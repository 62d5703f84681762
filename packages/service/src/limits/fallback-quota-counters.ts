import { createBreaker, type SourceState } from '../resilience/breaker.ts';
import type { QuotaCounters } from './quota-counters.ts';

/** After a failure the shared counters are in use again about a second after they are back. */
const PROBE_AFTER_MILLIS = 1_000;

/** Counts by `shared`, and by `own` while `shared` fails. Counts are not carried over from one to the other. */
export function fallbackQuotaCounters(
  shared: QuotaCounters,
  own: QuotaCounters,
): QuotaCounters & { state(): SourceState } {
  const breaker = createBreaker({
    probeAfterMillis: PROBE_AFTER_MILLIS,
    isFailure: () => true,
    refusal: () => new Error('the breaker of the shared counters is open'),
  });
  const count = async <Counted>(counting: (counters: QuotaCounters) => Promise<Counted>): Promise<Counted> => {
    try {
      return await breaker.run(() => counting(shared));
    } catch {
      return counting(own);
    }
  };
  return {
    countRequest: (client) => count((counters) => counters.countRequest(client)),
    countOperation: (client, use) => count((counters) => counters.countOperation(client, use)),
    state: () => breaker.state(),
    async close() {
      await Promise.all([shared.close(), own.close()]);
    },
  };
}
