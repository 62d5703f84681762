import { type Client } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { keyMarkOf, readIndexState, UNREADABLE_PEOPLE_MAX } from '@pessoa/search-index/index-state';
import { indexesBehind, isOfThisMapping } from '@pessoa/search-index/movimentacao-index';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Gauge } from 'prom-client';

/** Between two readings of the state. */
const REFRESH_MILLIS = 1_000;

/** The index that Event may search in place of Base C. */
export interface CurrentIndex {
  /** Its own name, not the alias. undefined while no index is known to be current. */
  name(): string | undefined;
  /** False for a person with a posting that the index could not hold. */
  hasAllOf(cpf: Cpf): boolean;
  close(): void;
}

interface CurrentIndexOptions {
  readonly client: Client;
  readonly alias: string;
  /** Hashes with the key that the index must have been built with. */
  readonly cpfHash: CpfHash;
  /** The largest lag behind Base C with which the index is still searched. */
  readonly lagMaxSeconds: number;
  readonly metrics: Metrics;
}

/** What the last successful reading of the state said. */
interface IndexSnapshot {
  readonly name: string;
  /** The instant up to which the index holds all of Base C, in milliseconds of the epoch. */
  readonly upToDateAt: number;
  /** Hashes of the people with a posting that the index could not hold. */
  readonly unreadablePeople: ReadonlySet<string>;
}

/**
 * Reads once a second, in the background, what the indexer says of the index and where the alias points. An index is
 * not searched when its indexer is gone, or when another version or another key built it. The promise resolves after
 * the first reading and never rejects.
 */
export async function watchCurrentIndex(options: CurrentIndexOptions): Promise<CurrentIndex> {
  const { client, alias, lagMaxSeconds } = options;
  const keyMark = keyMarkOf(options.cpfHash);
  let snapshot: IndexSnapshot | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  // The machine's clock, even when the rules of the domain have another: the indexer writes real instants.
  const lagSeconds = (): number =>
    snapshot ? (systemClock.now().getTime() - snapshot.upToDateAt) / 1_000 : Number.NaN;
  new Gauge({
    name: 'pessoa_search_index_lag_seconds',
    help: 'How far the index is known to be behind Base C; NaN without an index.',
    registers: [options.metrics],
    collect() {
      this.set(lagSeconds());
    },
  });

  async function refresh(): Promise<void> {
    try {
      snapshot = await readSnapshot(client, alias, keyMark);
    } catch {
      // The last snapshot stays in use until its lag is too long. A search that fails falls back to Base C.
    }
    if (!isClosed) timer = setTimeout(() => void refresh(), REFRESH_MILLIS).unref();
  }
  await refresh();

  return {
    // An instant far in the future comes from a wrong clock: the true lag is then unknown.
    name: () => (snapshot && Math.abs(lagSeconds()) < lagMaxSeconds ? snapshot.name : undefined),
    hasAllOf: (cpf) =>
      !snapshot || snapshot.unreadablePeople.size === 0 || !snapshot.unreadablePeople.has(options.cpfHash(cpf)),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function readSnapshot(client: Client, alias: string, keyMark: string): Promise<IndexSnapshot | undefined> {
  const [state, indexes] = await Promise.all([readIndexState(client, alias), indexesBehind(client, alias)]);
  if (!state || indexes.length !== 1 || state.index !== indexes[0] || !isOfThisMapping(alias, state.index))
    return undefined;
  if (state.keyMark !== keyMark) return undefined;
  if (state.unreadablePeople.length > UNREADABLE_PEOPLE_MAX) return undefined;
  return {
    name: state.index,
    upToDateAt: Date.parse(state.upToDateAt),
    unreadablePeople: new Set(state.unreadablePeople),
  };
}
