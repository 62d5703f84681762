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
 * A base that is read from its replica while that is in step, and from the publisher when it is not: the same read, within
 * the same time. Half of a read's time is the replica's, so that one that hangs leaves the publisher the other half.
 */
export function openReplicatedBase<Client extends PrismaClientLike>(
  options: ReplicatedBaseOptions<Client>,
): Base<Client> {
  const { name, fonte, budget, logger, metrics } = options;
  const publisher = openBase(options);
  const reads = new Counter({
    name: 'pessoa_base_reads_total',
    help: 'Reads by where they went: the replica, or the publisher (origin "source") and why not the replica.',
    labelNames: ['base', 'origin', 'reason'] as const,
    registers: [metrics],
  });
  if (!options.replica) {
    return {
      ...publisher,
      read(work) {
        reads.inc({ base: name, origin: 'source', reason: 'no_replica' });
        return publisher.read(work);
      },
    };
  }
  const replica = openBase({ ...options, url: options.replica.url, budget: halfOf(budget) });
  const monitor = watchReplica({
    publisherUrl: options.url,
    replica: options.replica,
    contract: options.contract,
    onChange({ obstacle, faults, cause: err }) {
      const why = obstacle === 'changed' ? `${obstacle} (${faults.join('; ')})` : obstacle;
      if (obstacle) logger.warn({ err, fonte }, `reads go to the publisher: the replica is ${why}`);
      else logger.info({ fonte }, 'reads go to the replica');
    },
  });
  new Gauge({
    name: 'pessoa_replica_lag_seconds',
    help: 'Seconds since the replica was last known to have all that its publisher had.',
    labelNames: ['base'] as const,
    registers: [metrics],
    collect() {
      this.set({ base: name }, monitor.lagSeconds());
    },
  });

  return {
    async read(work) {
      const fromPublisher = (reason: Obstacle) => {
        reads.inc({ base: name, origin: 'source', reason });
        return publisher.read(work);
      };
      const obstacle = monitor.obstacle();
      if (obstacle) return fromPublisher(obstacle);
      const isStale = monitor.lagSeconds() > STALE_AFTER_SECONDS;
      const inTime = readDeadline(budget.acquireMillis + budget.statementMillis, fonte);
      try {
        const answer = await inTime(() => replica.read((client, { table }) => work(client, { isStale, table })));
        reads.inc({ base: name, origin: 'replica', reason: isStale ? 'stale' : 'current' });
        return answer;
      } catch (err) {
        // An error of our own comes back from the publisher as well, and says nothing of the replica.
        if (err instanceof PublicError) monitor.failed();
        logger.warn({ err, fonte }, 'a read of the replica failed: the publisher is asked');
        return inTime(() => fromPublisher('failed'));
      }
    },
    missing: publisher.missing,
    missingIndexes: publisher.missingIndexes,
    async warm() {
      await Promise.all([publisher.warm(), replica.warm()]);
    },
    // What can be answered, from wherever it comes.
    state: () => (monitor.obstacle() ? publisher.state() : 'ok'),
    async close() {
      await monitor.close();
      await Promise.all([publisher.close(), replica.close()]);
    },
  };
}

const halfOf = ({ acquireMillis, statementMillis }: BaseBudget): BaseBudget => ({
  acquireMillis: Math.ceil(acquireMillis / 2),
  statementMillis: Math.ceil(statementMillis / 2),
});
