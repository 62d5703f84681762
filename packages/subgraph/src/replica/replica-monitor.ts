import { isDeepStrictEqual } from 'node:util';
import type { BaseContract } from '@pessoa/bases/base-definition';
import pg from 'pg';
import { countedReplica } from './counted-replica.ts';
import { replicaAge } from './replica-age.ts';
import { askPositions, lookAtReplica, type Positions, type ReplicaSight } from './replica-sight.ts';
import { askCatalogue, followingFaults, type PublisherCatalogue } from './publisher-catalogue.ts';

/**
 * Why reads do not go to a replica: it was not looked at yet, or the publisher never told how old it is (`unknown`); it does
 * not answer or failed a reader (`failed`); a table is not wholly copied (`incomplete`); it does not follow all that the
 * publisher has (`changed`); it is past the limit (`late`).
 */
export type Obstacle = 'unknown' | 'failed' | 'incomplete' | 'changed' | 'late';

/** Watches a replica from the side, so that no reader waits to find out how it is. */
export interface ReplicaMonitor {
  /** Undefined when reads may go to the replica. */
  obstacle(): Obstacle | undefined;
  /** Seconds since the replica was last known to have all that the publisher had; Infinity before that was known. */
  lagSeconds(): number;
  /** A read failed there: no other one goes there until it has answered a look that began later. */
  failed(): void;
  seen(): ReplicaSeen;
  /** Looks now, or waits for the look that is under way. Never rejects. */
  look(): Promise<void>;
  /** Counts the rows of both sides now, and looks. Never rejects. */
  count(): Promise<void>;
  close(): Promise<void>;
}

/** What was seen last; undefined for a server that did not answer. */
export interface ReplicaSeen {
  readonly replica: ReplicaSight | undefined;
  readonly positions: Positions | undefined;
  /** Why it does not follow all that the publisher has; while the publisher does not answer, as it was before. */
  readonly faults: readonly string[];
  /** What the replica failed with. */
  readonly cause?: unknown;
}

/** Reads turn to the replica (no obstacle) or to the publisher, and why. */
export interface ReplicaTurn {
  readonly obstacle: Obstacle | undefined;
  readonly faults: readonly string[];
  readonly cause: unknown;
}

export interface ReplicaConfig {
  /** The replica's reader role. */
  readonly url: string;
  /** Seconds a replica may be behind its publisher and still be read; 1 to 900. */
  readonly lagMaxSeconds: number;
}

/** Seconds between two looks; what a lag is told to. */
const LOOK_EVERY_SECONDS = 1;
/** A look that takes longer found a server that hangs. */
const LOOK_MILLIS = 2_000;
/** A table that takes longer is not counted. */
const COUNT_MILLIS = 30_000;

const now = (): number => performance.now();

/**
 * @param options.publisherUrl the base's reader role
 * @param options.onChange told whenever reads turn
 */
export function watchReplica(options: {
  publisherUrl: string;
  replica: ReplicaConfig;
  contract: BaseContract;
  onChange?: (turn: ReplicaTurn) => void;
}): ReplicaMonitor {
  const { replica: config, contract, onChange } = options;
  const [publisher, replica] = [connection(options.publisherUrl), connection(config.url)];
  const counting = [connection(options.publisherUrl, COUNT_MILLIS), connection(config.url, COUNT_MILLIS)] as const;
  const counted = countedReplica(contract);
  const age = replicaAge();
  let seen: ReplicaSeen | undefined;
  let known: PublisherCatalogue = new Map();
  let asked = { slot: undefined as string | undefined, publications: [] as readonly string[] };
  /** The one that was seen last. */
  let copy: string | undefined;
  let lookedAtMillis = Number.NEGATIVE_INFINITY;
  let failedAtMillis = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;
  let said: Obstacle | undefined = 'unknown';
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const look = (): Promise<void> => (underWay ??= lookOnce().finally(() => (underWay = undefined)));

  async function lookOnce(): Promise<void> {
    const startedAtMillis = now();
    let cause: unknown;
    const { slot, publications } = asked;
    // A catalogue that is right after the publisher's place was told was right when it wrote what is before that.
    const [sight, told] = await Promise.all([
      lookAtReplica(replica, contract).catch((error: unknown) => void (cause = error)),
      Promise.all([askPositions(publisher, slot), askCatalogue(publisher, contract, publications)]).catch(
        () => undefined,
      ),
    ]);
    const [positions, catalogue] = told ?? [];
    lookedAtMillis = startedAtMillis;
    if (positions) age.publisherWasAt(positions.publisher, startedAtMillis);
    if (positions?.replica !== undefined) age.replicaReached(positions.replica);
    if (sight && !isDeepStrictEqual(asked, { slot: sight.slot, publications: sight.publications })) {
      asked = { slot: sight.slot, publications: sight.publications };
      return lookOnce(); // the publisher was asked about another slot or publication, or none
    }
    if (sight && (sight.incomplete.length > 0 || sight.copy !== copy)) counted.forget();
    copy = sight?.copy ?? copy;
    const faults = sight && positions && catalogue ? faultsOf(sight, positions, catalogue) : (seen?.faults ?? []);
    seen = { replica: sight ?? undefined, positions, faults, cause };
    if (catalogue) known = catalogue;
    if (sight && catalogue && sight.incomplete.length === 0 && counted.isDue(catalogue)) void countRows();
    const obstacle = monitor.obstacle();
    if (obstacle !== said && !isClosed) onChange?.({ obstacle: (said = obstacle), faults, cause });
  }

  function countRows(): Promise<void> {
    const [publisherCounted, replicaCounted] = counting;
    return counted.count({ publisher: publisherCounted, replica: replicaCounted, slot: asked.slot }, known);
  }

  function faultsOf(sight: ReplicaSight, positions: Positions, catalogue: PublisherCatalogue): string[] {
    if (sight.incomplete.length > 0) return []; // of what is still copied nothing is read
    const hasPlace = positions.replica !== undefined && !positions.isLost;
    return [
      ...followingFaults(contract, catalogue, sight.origins),
      ...counted.faults(catalogue),
      ...sight.faults,
      ...(hasPlace ? [] : ['the publisher has given up the place of the replica in its log']),
    ];
  }

  const monitor: ReplicaMonitor = {
    obstacle() {
      if (!seen) return 'unknown';
      if (!seen.replica || lookedAtMillis <= failedAtMillis) return 'failed';
      if (seen.replica.incomplete.length > 0) return 'incomplete';
      if (seen.faults.length > 0) return 'changed';
      const lagSeconds = monitor.lagSeconds();
      if (lagSeconds === Number.POSITIVE_INFINITY) return 'unknown';
      return lagSeconds > config.lagMaxSeconds ? 'late' : undefined;
    },
    lagSeconds: () => age.millis(now()) / 1_000,
    failed() {
      const isFirst = now() - failedAtMillis > LOOK_EVERY_SECONDS * 1_000;
      failedAtMillis = now();
      // At once, because it may have been our own pool that was full. Not so again within a second: one that answers looks
      // and hangs over reads would cost every reader half of his time.
      if (isFirst) void Promise.resolve(underWay).then(look);
    },
    seen: () => seen ?? { replica: undefined, positions: undefined, faults: [] },
    look,
    async count() {
      await countRows();
      await look();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all([publisher, replica, ...counting].map((pool) => pool.end()));
    },
  };

  const goOn = async (): Promise<void> => {
    await look();
    if (!isClosed) timer = setTimeout(() => void goOn(), LOOK_EVERY_SECONDS * 1_000).unref();
  };
  void goOn();
  return monitor;
}

/** One connection of the monitor's own: its questions wait for no reader's, and count for no breaker. */
function connection(connectionString: string, statementMillis = LOOK_MILLIS): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 1,
    connectionTimeoutMillis: LOOK_MILLIS,
    statement_timeout: statementMillis,
    query_timeout: statementMillis,
    keepAlive: true,
  });
  pool.on('error', () => {}); // replaced at the next look
  return pool;
}
