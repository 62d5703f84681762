import { setTimeout as sleep } from 'node:timers/promises';
import { fallbackQuotaCounters } from '../../src/limits/fallback-quota-counters.ts';
import { memoryQuotaCounters } from '../../src/limits/memory-quota-counters.ts';
import type { QuotaCounters } from '../../src/limits/quota-counters.ts';
import { newClient, QUOTAS } from './quota-counters-contract.ts';

it('A client whose counts come too late from Redis waits for five of them, however many came in time before', async () => {
  const own = memoryQuotaCounters(QUOTAS);
  const counters = memoryQuotaCounters(QUOTAS);
  let isLate = false;
  let lateCounts = 0;
  const shared: QuotaCounters = {
    ...counters,
    async countRequest(client) {
      if (!isLate) return counters.countRequest(client);
      lateCounts++;
      await sleep(20);
      throw new Error('Command timed out');
    },
  };
  const fallback = fallbackQuotaCounters(shared, own);
  for (let count = 0; count < 200; count++) await fallback.countRequest(newClient());
  isLate = true;
  const client = newClient();
  for (let count = 1; count <= 25; count++) expect((await fallback.countRequest(client)).used).toBe(count);
  expect(lateCounts).toBe(5);
  await fallback.close();
});
