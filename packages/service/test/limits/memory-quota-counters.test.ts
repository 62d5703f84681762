import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { memoryQuotaCounters } from '../../src/limits/memory-quota-counters.ts';
import { newClient, people, QUOTAS, quotaCountersContract } from './quota-counters-contract.ts';

quotaCountersContract('in memory', async (quotas) => memoryQuotaCounters(quotas));

describe('A window of the counters in memory', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  it('lasts 60 s from the first use, and the next one begins empty', async () => {
    const counters = memoryQuotaCounters(QUOTAS);
    const client = newClient();
    await counters.countRequest(client);
    await counters.countOperation(client, { people: people(0, 10), cost: 100 });
    time.pass(59_000);
    expect((await counters.countRequest(client)).used).toBe(2);
    expect(await counters.countOperation(client, { people: people(10, 1), cost: 0 })).toMatchObject({
      refusedBy: 'people',
    });
    time.pass(1_001);
    expect((await counters.countRequest(client)).used).toBe(1);
    expect(await counters.countOperation(client, { people: people(10, 1), cost: 1 })).toMatchObject({
      refusedBy: undefined,
      people: { used: 1 },
      cost: { used: 1 },
    });
  });
});
