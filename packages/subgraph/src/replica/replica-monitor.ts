import { isDeepStrictEqual } from 'node:util';
import type { BaseContract } from '@pessoa/bases/base-definition';
import { outliveLostConnections } from '@pessoa/postgres/connection-pool';
import { SoundClient } from '@pessoa/postgres/sound-client';
import pg from 'pg';
import { countedReplica } from './counted-replica.ts';
import { replicaAge } from './replica-age.ts';
import { askPositions, lookAtReplica, type Positions, type ReplicaSight } from './replica-sight.ts';
import { askCatalogue, followingFaults, type PublisherCatalogue } from './publisher-catalogue.ts';

/**
 * Why reads do not go to a replica:
 *
 * - `unknown`: no look has ended yet, or its age is not known.
 * - `failed`: it does not answer, or a read failed.
 * - `incomplete`: the copy of a table is not complete.
 * - `changed`: it may lack changes of the publisher.
 * - `late`: its lag is over the limit.
 */
export type Obstacle = 'unknown' | 'failed' | 'incomplete' | 'changed' | 'late';

/** Watches a replica in the background, so that no reader has to wait for a check. */
export interface ReplicaMonitor {
  /** @returns undefined when reads may go to the replica */
  obstacle(): Obstacle | undefined;
  /** Seconds since the replica last had everything of the publisher; Infinity before the first proof of that. */
  lagSeconds(): number;
  /** Reports a failed read. No other read goes to the replica until a later look has succeeded. */
  reportFailure(): void;
  status(): ReplicaStatus;
  /** Looks now, or waits for the look in progress. Never rejects. */
  look(): Promise<void>;
  /** Counts the rows of both sides now, and then looks. Never rejects. */
  count(): Promise<void>;
  close(): Promise<void>;
}

/** Result of the last look. `replica` or `positions` is undefined when that server did not answer. */
export interface ReplicaStatus {
  readonly replica: ReplicaSight | undefined;
  readonly positions: Positions | undefined;
  /** Why the replica may lack changes of the publisher. While the publisher does not answer, the previous faults. */
  readonly faults: readonly string[];
  /** Error of the replica. */
  readonly cause?: unknown;
}

/** A turn of the reads: without an obstacle to the replica, otherwise to the publisher. */
export interface ReplicaTurn {
  readonly obstacle: Obstacle | undefined;
  readonly faults: readonly string[];
  readonly cause: unknown;
}

export interface ReplicaConfig {
  /** The replica's reader role. */
  readonly url: string;
  /** Longest lag in seconds with which the replica is still read; 1 to 900. */
  readonly lagMaxSeconds: number;
}

/** Seconds between two looks, and so the precision of the lag. */
const LOOK_EVERY_SECONDS = 1;
/** Time limit of a look. */
const LOOK_MILLIS = 2_000;
/** Time limit of the count of one table. */
const COUNT_MILLIS = 30_000;

const now = (): number => performance.now();

/**
 * @param options.publisherUrl the base's reader role
 * @param options.onChange called whenever reads turn
 */
export function watchReplica(options: {
  publisherUrl: string;
  replica: ReplicaConfig;
  contract: BaseContract;
  onChange?: (turn: ReplicaTurn) => void;
}): ReplicaMonitor {
  const { replica: config, contract, onChange } = options;
  const [publisher, replica] = [connection(options.publisherUrl), connection(config.url)];
  const countingPools = [connection(options.publisherUrl, COUNT_MILLIS), connection(config.url, COUNT_MILLIS)] as const;
  const rowCounts = countedReplica(contract);
  const age = replicaAge();
  let status: ReplicaStatus | undefined;
  let lastCatalogue: PublisherCatalogue = new Map();
  let subscription = { slot: undefined as string | undefined, publications: [] as readonly string[] };
  /** `ReplicaSight.copy` of the last look. */
  let lastCopy: string | undefined;
  let lookedAtMillis = Number.NEGATIVE_INFINITY;
  let failedAtMillis = Number.NEGATIVE_INFINITY;
  let currentLook: Promise<void> | undefined;
  let reportedObstacle: Obstacle | undefined = 'unknown';
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const refresh = (): Promise<void> => (currentLook ??= lookOnce().finally(() => (currentLook = undefined)));

  async function lookOnce(): Promise<void> {
    const startedAtMillis = now();
    let cause: unknown;
    const { slot, publications } = subscription;
    // The positions are read first: a catalogue that is right after them was right for every change before them.
    const [sight, publisherAnswer] = await Promise.all([
      lookAtReplica(replica, contract).catch((error: unknown) => void (cause = error)),
      Promise.all([askPositions(publisher, slot), askCatalogue(publisher, contract, publications)]).catch(
        () => undefined,
      ),
    ]);
    const [positions, catalogue] = publisherAnswer ?? [];
    lookedAtMillis = startedAtMillis;
    if (positions) age.publisherWasAt(positions.publisher, startedAtMillis);
    if (positions?.replica !== undefined) age.replicaReached(positions.replica);
    if (sight && !isDeepStrictEqual(subscription, { slot: sight.slot, publications: sight.publications })) {
      subscription = { slot: sight.slot, publications: sight.publications };
      return lookOnce(); // the publisher answered about another slot or publication
    }
    if (sight && (sight.incomplete.length > 0 || sight.copy !== lastCopy)) rowCounts.forget();
    lastCopy = sight?.copy ?? lastCopy;
    const faults = sight && positions && catalogue ? faultsOf(sight, positions, catalogue) : (status?.faults ?? []);
    status = { replica: sight ?? undefined, positions, faults, cause };
    if (catalogue) lastCatalogue = catalogue;
    if (sight && catalogue && sight.incomplete.length === 0 && rowCounts.isDue(catalogue)) void countRows();
    const obstacle = monitor.obstacle();
    if (obstacle !== reportedObstacle && !isClosed)
      onChange?.({ obstacle: (reportedObstacle = obstacle), faults, cause });
  }

  function countRows(): Promise<void> {
    const [publisherPool, replicaPool] = countingPools;
    return rowCounts.count({ publisher: publisherPool, replica: replicaPool, slot: subscription.slot }, lastCatalogue);
  }

  function faultsOf(sight: ReplicaSight, positions: Positions, catalogue: PublisherCatalogue): string[] {
    if (sight.incomplete.length > 0) return []; // no read goes to a replica that is being copied
    const hasPlace = positions.replica !== undefined && !positions.isLost;
    return [
      ...followingFaults(contract, catalogue, sight.origins),
      ...rowCounts.faults(catalogue),
      ...sight.faults,
      ...(hasPlace ? [] : ['the publisher has dropped the replication slot of the replica, or the log that it needs']),
    ];
  }

  const monitor: ReplicaMonitor = {
    obstacle() {
      if (!status) return 'unknown';
      if (!status.replica || lookedAtMillis <= failedAtMillis) return 'failed';
      if (status.replica.incomplete.length > 0) return 'incomplete';
      if (status.faults.length > 0) return 'changed';
      const lagSeconds = monitor.lagSeconds();
      if (lagSeconds === Number.POSITIVE_INFINITY) return 'unknown';
      return lagSeconds > config.lagMaxSeconds ? 'late' : undefined;
    },
    lagSeconds: () => age.millis(now()) / 1_000,
    reportFailure() {
      const isFirst = now() - failedAtMillis > LOOK_EVERY_SECONDS * 1_000;
      failedAtMillis = now();
      // The first failure starts a look at once, because the cause may be that our own pool was full. Failures within the next
      // second do not: a replica that answers looks but hangs on reads would cost every reader half of its time.
      if (isFirst) void Promise.resolve(currentLook).then(refresh);
    },
    status: () => status ?? { replica: undefined, positions: undefined, faults: [] },
    look: refresh,
    async count() {
      await countRows();
      await refresh();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all([publisher, replica, ...countingPools].map((pool) => pool.end()));
    },
  };

  const keepLooking = async (): Promise<void> => {
    await refresh();
    if (!isClosed) timer = setTimeout(() => void keepLooking(), LOOK_EVERY_SECONDS * 1_000).unref();
  };
  void keepLooking();
  return monitor;
}

/** Opens one connection for the monitor, apart from the readers' pool and its breaker. */
function connection(connectionString: string, statementMillis = LOOK_MILLIS): pg.Pool {
  const pool = new pg.Pool({
    Client: SoundClient,
    connectionString,
    max: 1,
    connectionTimeoutMillis: LOOK_MILLIS,
    statement_timeout: statementMillis,
    query_timeout: statementMillis,
    keepAlive: true,
  });
  outliveLostConnections(pool); // the next look opens another one
  return pool;
}
