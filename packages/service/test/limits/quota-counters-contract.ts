import { randomUUID } from 'node:crypto';
import type { ClientHash, QuotaCounters } from '../../src/limits/quota-counters.ts';
import type { Quotas } from '../../src/limits/quotas.ts';

export const QUOTAS: Quotas = { requests: 3, people: 10, cost: 100 };

export const newClient = (): ClientHash => randomUUID() as ClientHash;
export const people = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `person-${from + index}`);

/** What every adapter of `QuotaCounters` must do. @param open gets the quotas */
export function quotaCountersContract(name: string, open: (quotas: Quotas) => Promise<QuotaCounters>): void {
  describe(`Quota counters ${name}`, () => {
    let counters: QuotaCounters;
    beforeAll(async () => {
      counters = await open(QUOTAS);
    });
    afterAll(() => counters.close());

    it('count each request of a client, also over its quota', async () => {
      const [client, other] = [newClient(), newClient()];
      const used: number[] = [];
      for (let count = 0; count < 4; count++) used.push((await counters.countRequest(client)).used);
      expect(used).toEqual([1, 2, 3, 4]);
      // Once over the quota, only that it is over must be known.
      expect((await counters.countRequest(client)).used).toBeGreaterThan(3);
      expect((await counters.countRequest(other)).used).toBe(1);
    });

    it('say when the window ends', async () => {
      const client = newClient();
      const { resetMillis } = await counters.countRequest(client);
      const counts = await counters.countOperation(client, { people: people(0, 1), cost: 1 });
      for (const millis of [resetMillis, counts.people.resetMillis, counts.cost.resetMillis]) {
        expect(millis).toBeGreaterThan(55_000);
        expect(millis).toBeLessThanOrEqual(60_000);
      }
    });

    it('count a CPF once in a window', async () => {
      const client = newClient();
      await counters.countOperation(client, { people: people(0, 6), cost: 0 });
      const again = await counters.countOperation(client, { people: people(3, 6), cost: 0 });
      expect(again).toMatchObject({ refusedBy: undefined, people: { used: 9 } });
    });

    it('count nothing of an operation that would pass a quota', async () => {
      const client = newClient();
      await counters.countOperation(client, { people: people(0, 8), cost: 50 });
      const overPeople = await counters.countOperation(client, { people: people(6, 5), cost: 10 });
      expect(overPeople).toMatchObject({ refusedBy: 'people', people: { used: 8 }, cost: { used: 50 } });
      const overCost = await counters.countOperation(client, { people: people(6, 4), cost: 51 });
      expect(overCost).toMatchObject({ refusedBy: 'cost', people: { used: 8 }, cost: { used: 50 } });
      const last = await counters.countOperation(client, { people: people(6, 4), cost: 50 });
      expect(last).toMatchObject({ refusedBy: undefined, people: { used: 10 }, cost: { used: 100 } });
    });

    it('admit CPFs that the window has already when the quota of people is used up', async () => {
      const client = newClient();
      await counters.countOperation(client, { people: people(0, 10), cost: 0 });
      const known = await counters.countOperation(client, { people: people(2, 5), cost: 0 });
      expect(known).toMatchObject({ refusedBy: undefined, people: { used: 10 } });
      const unseen = await counters.countOperation(client, { people: people(10, 1), cost: 0 });
      expect(unseen).toMatchObject({ refusedBy: 'people', people: { used: 10 } });
    });

    it('never admit more people than the quota, however many operations come at once', async () => {
      const client = newClient();
      const uses = Array.from({ length: 40 }, (_, index) => people((index * 3) % 20, 3));
      const all = await Promise.all(uses.map((asked) => counters.countOperation(client, { people: asked, cost: 1 })));
      const admitted = new Set(uses.filter((_, index) => !all[index]!.refusedBy).flat());
      expect(admitted.size).toBeLessThanOrEqual(10);
      expect(admitted.size).toBeGreaterThanOrEqual(8);
      const after = await counters.countOperation(client, { people: people(100, 11), cost: 0 });
      expect(after).toMatchObject({ refusedBy: 'people', people: { used: admitted.size } });
    });

    it('have no limit without quotas', async () => {
      const unlimited = await open({ requests: undefined, people: undefined, cost: undefined });
      const client = newClient();
      expect((await unlimited.countRequest(client)).used).toBe(0);
      const counts = await unlimited.countOperation(client, { people: people(0, 500), cost: 1_000_000_000 });
      expect(counts.refusedBy).toBeUndefined();
      await unlimited.close();
    });
  });
}
