import { PublicError } from '@pessoa/domain/errors';
import type { Logger } from '@pessoa/service/logging/logger';
import { warnOfLostNames } from '@pessoa/service/logging/lost-statement-names';
import { showBreaker } from '@pessoa/service/metrics/breaker-metrics';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { observePool } from '@pessoa/service/metrics/pool-metrics';
import { Counter, Gauge } from 'prom-client';
import { type Base, type BaseBudget, type BaseOptions, openBase, type PrismaClientLike } from '../base/base.ts';
import { readDeadline } from '../base/read-deadline.ts';
import { type Obstacle, type ReplicaConfig, watchReplica } from './replica-monitor.ts';

/** Answers of a replica that lags more than this are marked as stale. */
const STALE_AFTER_SECONDS = 10;

export interface ReplicatedBaseOptions<Client> extends BaseOptions<Client> {
  /** `base-a`, `base-b` or `base-c`: the `base` label of its metrics. */
  readonly name: string;
  /** Absent: every read goes to the base itself. */
  readonly replica: ReplicaConfig | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Opens a base that is read from its replica while the replica is current, and from the publisher otherwise, within the same time.
 * The replica gets half of a read's time: if it hangs, the publisher has the other half.
 */
export function openReplicatedBase<Client extends PrismaClientLike>(
  options: ReplicatedBaseOptions<Client>,
): Base<Client> {
  const { name, fonte, budget, logger, metrics } = options;
  const onNamesLost = warnOfLostNames(logger, fonte);
  const open = (source: string, baseOptions: BaseOptions<Client>): Base<Client> => {
    const base = openBase({ ...baseOptions, onNamesLost, onPool: (pool) => observePool(metrics, source, pool) });
    showBreaker(metrics, source, base);
    return base;
  };
  const publisher = open(name, options);
  const reads = new Counter({
    name: 'pessoa_base_reads_total',
    help: 'Reads by origin: the replica, or the publisher ("source"), with the reason.',
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
  const replica = open(`${name}-replica`, { ...options, url: options.replica.url, budget: halfOf(budget) });
  const monitor = watchReplica({
    publisherUrl: options.url,
    replica: options.replica,
    contract: options.contract,
    onChange({ obstacle, faults, cause: err }) {
      const reason = obstacle === 'changed' ? `${obstacle} (${faults.join('; ')})` : obstacle;
      if (obstacle) logger.warn({ err, fonte }, `reads go to the publisher: the replica is ${reason}`);
      else logger.info({ fonte }, 'reads go to the replica');
    },
  });
  new Gauge({
    name: 'pessoa_replica_lag_seconds',
    help: 'Seconds since the replica last had everything of its publisher.',
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
      const withinDeadline = readDeadline(budget.acquireMillis + budget.statementMillis, fonte);
      try {
        const answer = await withinDeadline(() =>
          replica.read((client, origin) => work(client, { ...origin, isStale })),
        );
        reads.inc({ base: name, origin: 'replica', reason: isStale ? 'stale' : 'current' });
        return answer;
      } catch (err) {
        // A bug of ours is not a failure of the replica: the publisher would fail as well.
        if (err instanceof PublicError) monitor.reportFailure();
        logger.warn({ err, fonte }, 'a read of the replica failed: the read goes to the publisher');
        return withinDeadline(() => fromPublisher('failed'));
      }
    },
    contractFaults: publisher.contractFaults,
    missingIndexes: publisher.missingIndexes,
    async warm() {
      await Promise.all([publisher.warm(), replica.warm()]);
    },
    // The state of the side that answers reads.
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
