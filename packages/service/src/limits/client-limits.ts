import { setTimeout as sleep } from 'node:timers/promises';
import { PublicError } from '@pessoa/domain/errors';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { LRUCache } from 'lru-cache';
import type { RequestFacts } from '../http/request-facts.ts';
import type { ClientHash, Count, QuotaCounters } from './quota-counters.ts';
import { type QuotaName, type Quotas, WINDOW_SECONDS } from './quotas.ts';

/** What is left of a quota, for the header `RateLimit`. */
export interface QuotaState {
  readonly name: QuotaName;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** The limits of each client of the issuer. A refusal is a PublicError RATE_LIMITED. */
export interface ClientLimits {
  readonly quotas: Quotas;
  /** Counts a request. @throws PublicError RATE_LIMITED */
  admitRequest(facts: RequestFacts, clientId: string): Promise<void>;
  /**
   * Counts the people and the cost of an operation, before it is planned. A refused operation is not counted at all.
   *
   * @throws PublicError RATE_LIMITED
   */
  admitOperation(facts: RequestFacts, clientId: string, use: OperationDemand): Promise<void>;
}

export interface OperationDemand {
  /** Points, at least 0. */
  readonly cost: number;
  /** The people that the operation asks for; a person may occur more than once. */
  readonly people: readonly Cpf[];
}

const details: Readonly<Record<QuotaName, (max: number) => string>> = {
  requests: (max) => `Your client has at most ${max} requests in ${WINDOW_SECONDS} s.`,
  people: (max) => `Your client may ask for at most ${max} different CPFs in ${WINDOW_SECONDS} s.`,
  cost: (max) => `The operations of your client may cost at most ${max} points in ${WINDOW_SECONDS} s.`,
};

/** The refusals of a window that a client gets at once. Each further one waits, and so does a client that asks in a loop. */
const REFUSALS_AT_ONCE = 20;
const REFUSAL_MILLIS = 1_000;
const CLIENTS_MAX = 10_000;

/** @param onRefusal called for each refusal */
export function clientLimits(options: {
  quotas: Quotas;
  counters: QuotaCounters;
  clientHash: (clientId: string) => ClientHash;
  cpfHash: CpfHash;
  onRefusal?: (quota: QuotaName) => void;
}): ClientLimits {
  const { quotas, counters, clientHash, cpfHash, onRefusal } = options;

  function note(facts: RequestFacts, name: QuotaName, { used, resetMillis }: Count): void {
    const quota = quotas[name];
    if (quota === undefined) return;
    const resetSeconds = resetMillis > 0 ? Math.ceil(resetMillis / 1_000) : WINDOW_SECONDS;
    facts.quotas = [...(facts.quotas ?? []), { name, remaining: Math.max(0, quota - used), resetSeconds }];
  }

  const refusals = new LRUCache<ClientHash, number>({ max: CLIENTS_MAX, ttl: WINDOW_SECONDS * 1_000 });

  async function refuse(
    facts: RequestFacts,
    client: ClientHash,
    name: QuotaName,
    { resetMillis }: Count,
  ): Promise<never> {
    const refused = (refusals.get(client) ?? 0) + 1;
    refusals.set(client, refused, { noUpdateTTL: true });
    facts.turn?.end(); // other requests of the client need not wait
    if (refused > REFUSALS_AT_ONCE) await sleep(REFUSAL_MILLIS);
    facts.retryAfterSeconds = Math.max(1, Math.ceil(resetMillis / 1_000));
    facts.quota = name;
    onRefusal?.(name);
    throw new PublicError('RATE_LIMITED', { detail: details[name](quotas[name] ?? 0) });
  }

  return {
    quotas,
    async admitRequest(facts, clientId) {
      if (quotas.requests === undefined) return;
      const client = clientHash(clientId);
      const count = await counters.countRequest(client);
      note(facts, 'requests', count);
      if (count.used > quotas.requests) await refuse(facts, client, 'requests', count);
    },
    async admitOperation(facts, clientId, demand) {
      facts.turn?.useCost(demand.cost);
      const people = quotas.people === undefined ? [] : [...new Set(demand.people)].map(cpfHash);
      const cost = quotas.cost === undefined ? 0 : demand.cost;
      if (people.length === 0 && cost === 0) return;
      const client = clientHash(clientId);
      const counts = await counters.countOperation(client, { people, cost });
      if (people.length > 0) note(facts, 'people', counts.people);
      if (cost > 0) note(facts, 'cost', counts.cost);
      if (counts.refusedBy) await refuse(facts, client, counts.refusedBy, counts[counts.refusedBy]);
    },
  };
}
