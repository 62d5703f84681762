import { PublicError } from '@pessoa/domain/errors';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';
import { type Base, type BaseBudget, type BaseOptions, openBase, type PrismaClientLike } from '../base/base.ts';
import { readDeadline } from '../base/read-deadline.ts';
import { type Obstacle, type ReplicaConfig, watchReplica } from './replica-monitor.ts';

/** A replica older than this is still read, and what it answers is marked. */
const STALE_AFTER_SECONDS = 10;

export interface ReplicatedBaseOptions<Client> extends BaseOptions<Client> {
  /** `base-a`, `base-b` or `base-c`: the label of its metrics. */
  readonly name: string;
  /** Absent: every read goes to the base itself. */
  readonly replica: ReplicaConfig | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * A base that is read from its replica while that is in step, and from the source when it is not: the same read, within
 * the same time. Half of a read's time is the replica's, so that one that hangs leaves the source the other half.
 */
export function openReplicatedBase<Client extends PrismaClientLike>(
  options: ReplicatedBaseOptions<Client>,
): Base<Client> {
  const { name, fonte, budget, logger, metrics } = options;
  const source = openBase(options);
  const reads = new Counter({
    name: 'pessoa_base_reads_total',
    help: 'Reads by where they went: replica, or source and why not the replica.',
    labelNames: ['base', 'origin', 'reason'] as const,
    registers: [metrics],
  });
  if (!options.replica) {
    return {
      ...source,
      read(work) {
        reads.inc({ base: name, origin: 'source', reason: 'no_replica' });
        return source.read(work);
      },
    };
  }
  const replica = openBase({ ...options, url: options.replica.url, budget: halfOf(budget) });
  const monitor = watchReplica({
    sourceUrl: options.url,
    replica: options.replica,
    contract: options.contract,
    onChange({ obstacle, faults, cause: err }) {
      const why = obstacle === 'changed' ? `${obstacle} (${faults.join('; ')})` : obstacle;
      if (obstacle) logger.warn({ err, fonte }, `reads go to the source: the replica is ${why}`);
      else logger.info({ fonte }, 'reads go to the replica');
    },
  });
  new Gauge({
    name: 'pessoa_replica_lag_seconds',
    help: 'Seconds since the replica was last known to have all that its source had.',
    labelNames: ['base'] as const,
    registers: [metrics],
    collect() {
      this.set({ base: name }, monitor.lagSeconds());
    },
  });

  return {
    async read(work) {
      const fromSource = (reason: Obstacle) => {
        reads.inc({ base: name, origin: 'source', reason });
        return source.read(work);
      };
      const obstacle = monitor.obstacle();
      if (obstacle) return fromSource(obstacle);
      const isStale = monitor.lagSeconds() > STALE_AFTER_SECONDS;
      const inTime = readDeadline(budget.acquireMillis + budget.statementMillis, fonte);
      try {
        const answer = await inTime(() => replica.read((client, { table }) => work(client, { isStale, table })));
        reads.inc({ base: name, origin: 'replica', reason: isStale ? 'stale' : 'current' });
        return answer;
      } catch (err) {
        // An error of our own comes back from the source as well, and says nothing of the replica.
        if (err instanceof PublicError) monitor.failed();
        logger.warn({ err, fonte }, 'a read of the replica failed: the source is asked');
        return inTime(() => fromSource('failed'));
      }
    },
    missing: source.missing,
    missingIndexes: source.missingIndexes,
    async warm() {
      await Promise.all([source.warm(), replica.warm()]);
    },
    // What can be answered, from wherever it comes.
    state: () => (monitor.obstacle() ? source.state() : 'ok'),
    async close() {
      await monitor.close();
      await Promise.all([source.close(), replica.close()]);
    },
  };
}

const halfOf = ({ acquireMillis, statementMillis }: BaseBudget): BaseBudget => ({
  acquireMillis: Math.ceil(acquireMillis / 2),
  statementMillis: Math.ceil(statementMillis / 2),
});
