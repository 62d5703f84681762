import { type Client } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { type Clock, systemClock } from '@pessoa/domain/data';
import { keyMarkOf, readIndexState, UNREADABLE_PEOPLE_MAX } from '@pessoa/search-index/index-state';
import { indexesBehind, isOfThisMapping } from '@pessoa/search-index/movimentacao-index';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Gauge } from 'prom-client';

/** The index that may be searched in place of Base C. */
export interface CurrentIndex {
  /** By its own name; undefined while none is known to be current. */
  name(): string | undefined;
  /** False for a person of whom it lacks a posting that it could not hold. */
  hasAllOf(cpf: Cpf): boolean;
  close(): void;
}

interface CurrentIndexOptions {
  readonly client: Client;
  readonly alias: string;
  /** As the index must have been made with. */
  readonly cpfHash: CpfHash;
  /** How far the index may be behind Base C, and still be searched. */
  readonly lagMaxSeconds: number;
  readonly metrics: Metrics;
  /** Default: the machine's, also where the clock of the rules is another: the follower's instants are real ones. */
  readonly clock?: Clock;
  /** Default 1,000. */
  readonly everyMillis?: number;
}

interface Known {
  readonly index: string;
  readonly upToDateAt: number;
  readonly unreadable: ReadonlySet<string>;
}

/**
 * Watches what the follower says of itself and where the alias points, in the background: an index whose follower is gone,
 * or which another version or another key made, is not searched. The first look is over when the promise resolves; it never rejects.
 */
export async function watchCurrentIndex(options: CurrentIndexOptions): Promise<CurrentIndex> {
  const { client, alias, lagMaxSeconds, clock = systemClock, everyMillis = 1_000 } = options;
  const keyMark = keyMarkOf(options.cpfHash);
  let known: Known | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const lagSeconds = (): number => (known ? (clock.now().getTime() - known.upToDateAt) / 1_000 : Number.NaN);
  new Gauge({
    name: 'pessoa_search_index_lag_seconds',
    help: 'How far the index is known to be behind Base C; NaN without an index.',
    registers: [options.metrics],
    collect() {
      this.set(lagSeconds());
    },
  });

  async function look(): Promise<void> {
    try {
      known = await lookUp(client, alias, keyMark);
    } catch {
      // What was known stays so until it is too old; a search that fails has its own way out.
    }
    if (!isClosed) timer = setTimeout(() => void look(), everyMillis).unref();
  }
  await look();

  return {
    // An instant far in the future is a clock that is wrong, and says nothing of how far behind the index is.
    name: () => (known && Math.abs(lagSeconds()) < lagMaxSeconds ? known.index : undefined),
    hasAllOf: (cpf) => !known || known.unreadable.size === 0 || !known.unreadable.has(options.cpfHash(cpf)),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function lookUp(client: Client, alias: string, keyMark: string): Promise<Known | undefined> {
  const [state, indexes] = await Promise.all([readIndexState(client, alias), indexesBehind(client, alias)]);
  if (!state || indexes.length !== 1 || state.index !== indexes[0] || !isOfThisMapping(alias, state.index))
    return undefined;
  if (state.keyMark !== keyMark) return undefined;
  if (state.unreadablePeople.length > UNREADABLE_PEOPLE_MAX) return undefined;
  return { index: state.index, upToDateAt: Date.parse(state.upToDateAt), unreadable: new Set(state.unreadablePeople) };
}
