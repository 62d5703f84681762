import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consumeRequest } from './consume-request.ts';
import type { Count, QuotaCounters } from './quota-counters.ts';
import { type Quotas, WINDOW_SECONDS } from './quotas.ts';

/** The most clients whose windows are kept. Each needs a valid token of another client. */
const CLIENTS_MAX = 10_000;
const WINDOW_MILLIS = WINDOW_SECONDS * 1_000;

interface Window<Content> {
  readonly content: Content;
  readonly endsAt: number;
}

/** Counts in this process alone: each process gives a client the whole quota. */
export function memoryQuotaCounters(quotas: Quotas): QuotaCounters {
  const limiter =
    quotas.requests === undefined
      ? undefined
      : new RateLimiterMemory({ points: quotas.requests, duration: WINDOW_SECONDS });
  const people = windowsOf(() => new Set<string>());
  const costs = windowsOf(() => ({ points: 0 }));
  const { people: peopleMax = Infinity, cost: costMax = Infinity } = quotas;
  return {
    countRequest: (client) => consumeRequest(limiter, client),
    async countOperation(client, use) {
      const asked = people.current(client);
      const spent = costs.current(client);
      const unseen = use.people.filter((cpf) => !asked.content.has(cpf));
      const isOverPeople = unseen.length > 0 && asked.content.size + unseen.length > peopleMax;
      const isOverCost = use.cost > 0 && spent.content.points + use.cost > costMax;
      if (!isOverPeople && !isOverCost) {
        for (const cpf of unseen) asked.content.add(cpf);
        spent.content.points += use.cost;
      }
      return {
        refusedBy: isOverPeople ? 'people' : isOverCost ? 'cost' : undefined,
        people: countOf(asked.content.size, asked),
        cost: countOf(spent.content.points, spent),
      };
    },
    close: async () => undefined,
  };
}

const countOf = (used: number, { endsAt }: Window<unknown>): Count => ({
  used,
  resetMillis: Math.max(0, endsAt - performance.now()),
});

function windowsOf<Content>(create: () => Content) {
  const windows = new LRUCache<string, Window<Content>>({ max: CLIENTS_MAX });
  return {
    current(client: string): Window<Content> {
      const window = windows.get(client);
      if (window && window.endsAt > performance.now()) return window;
      const newWindow = { content: create(), endsAt: performance.now() + WINDOW_MILLIS };
      windows.set(client, newWindow);
      return newWindow;
    },
  };
}
