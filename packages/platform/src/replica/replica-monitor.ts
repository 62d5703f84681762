import pg from 'pg';
import type { BaseContract } from '../base/base-contract.ts';
import { replicaAge } from './replica-age.ts';
import { askPositions, lookAtReplica, type Positions, type ReplicaSight } from './replica-sight.ts';

/**
 * Why reads do not go to a replica: it was not looked at yet, or the source never told how old it is (`unknown`); it does
 * not answer or failed a reader (`failed`); a table is not wholly copied (`incomplete`); it is past the limit (`late`).
 */
export type Obstacle = 'unknown' | 'failed' | 'incomplete' | 'late';

/** Watches a replica from the side, so that no reader waits to find out how it is. */
export interface ReplicaMonitor {
  /** Undefined when reads may go to the replica. */
  obstacle(): Obstacle | undefined;
  /** Seconds since the replica was last known to have all that the source had; Infinity before that was known. */
  lagSeconds(): number;
  /** A read failed there: no other one goes there until it has answered a look that began later. */
  failed(): void;
  seen(): ReplicaSeen;
  /** Looks now, or waits for the look that is under way. Never rejects. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** What was seen last; undefined for a server that did not answer. */
export interface ReplicaSeen {
  readonly replica: ReplicaSight | undefined;
  readonly positions: Positions | undefined;
  /** What the replica failed with. */
  readonly cause?: unknown;
}

export interface ReplicaConfig {
  /** The replica's reader role. */
  readonly url: string;
  /** Seconds a replica may be behind its source and still be read; 1 to 900. */
  readonly lagMaxSeconds: number;
}

/** Seconds between two looks; what a lag is told to. */
const LOOK_EVERY_SECONDS = 1;
/** A look that takes longer found a server that hangs. */
const LOOK_MILLIS = 2_000;

const now = (): number => performance.now();

/**
 * @param options.sourceUrl the base's reader role
 * @param options.onChange told whenever reads turn to the replica (undefined) or to the source, and why; `cause` is what
 *   the replica failed with
 */
export function watchReplica(options: {
  sourceUrl: string;
  replica: ReplicaConfig;
  contract: BaseContract;
  onChange?: (obstacle: Obstacle | undefined, cause: unknown) => void;
}): ReplicaMonitor {
  const { replica: config, contract, onChange } = options;
  const [source, replica] = [connection(options.sourceUrl), connection(config.url)];
  const age = replicaAge();
  let seen: ReplicaSeen | undefined;
  let slot: string | undefined;
  let lookedAtMillis = Number.NEGATIVE_INFINITY;
  let failedAtMillis = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;
  let told: Obstacle | undefined = 'unknown';
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const look = (): Promise<void> => (underWay ??= lookOnce().finally(() => (underWay = undefined)));

  async function lookOnce(): Promise<void> {
    const startedAtMillis = now();
    let cause: unknown;
    const [sight, positions] = await Promise.all([
      lookAtReplica(replica, contract).catch((error: unknown) => void (cause = error)),
      askPositions(source, slot).catch(() => undefined),
    ]);
    seen = { replica: sight ?? undefined, positions, cause };
    lookedAtMillis = startedAtMillis;
    if (positions) age.sourceWasAt(positions.source, startedAtMillis);
    if (positions?.replica !== undefined) age.replicaReached(positions.replica);
    if (sight && sight.slot !== slot) {
      slot = sight.slot;
      return lookOnce(); // the source was asked about another slot, or none
    }
    const obstacle = monitor.obstacle();
    if (obstacle !== told && !isClosed) onChange?.((told = obstacle), cause);
  }

  const monitor: ReplicaMonitor = {
    obstacle() {
      if (!seen) return 'unknown';
      if (!seen.replica || lookedAtMillis <= failedAtMillis) return 'failed';
      if (seen.replica.incomplete.length > 0) return 'incomplete';
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
    seen: () => seen ?? { replica: undefined, positions: undefined },
    look,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all([source.end(), replica.end()]);
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
function connection(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 1,
    connectionTimeoutMillis: LOOK_MILLIS,
    statement_timeout: LOOK_MILLIS,
    query_timeout: LOOK_MILLIS,
    keepAlive: true,
  });
  pool.on('error', () => {}); // replaced at the next look
  return pool;
}
