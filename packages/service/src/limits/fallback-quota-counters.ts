import { createFallback, type Fallback } from '../redis/shared-redis.ts';
import type { QuotaCounters } from './quota-counters.ts';

/** Counts by `shared`, and by `own` while `shared` fails. Counts are not carried over from one to the other. */
export function fallbackQuotaCounters(
  shared: QuotaCounters,
  own: QuotaCounters,
): QuotaCounters & Pick<Fallback, 'state'> {
  const { run, state } = createFallback();
  return {
    countRequest: (client) => run(() => shared.countRequest(client), () => own.countRequest(client)), // prettier-ignore
    countOperation: (client, use) => run(() => shared.countOperation(client, use), () => own.countOperation(client, use)), // prettier-ignore
    state,
    async close() {
      await Promise.all([shared.close(), own.close()]);
    },
  };
}
