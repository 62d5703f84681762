import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@pessoa/domain/data';
import type { Logger } from '@pessoa/service/logging/logger';
import type { NoteSigner } from '@pessoa/transparency-log/notes/signed-note';
import type { AuditorMetrics } from './auditor-metrics.ts';
import { createContinuousCheck } from './checks/continuous-check.ts';
import { createOrderCheck } from './checks/record-order.ts';
import type { RecordFault } from './checks/record-check.ts';
import { createPublisher } from './checkpoints/publisher.ts';
import type { Quorum } from './checkpoints/quorum.ts';
import { ForkError } from './checkpoints/witness-client.ts';
import { type LeaderSession, openLeaderSession } from './leadership/leader-session.ts';
import { BATCH_RECORDS, placeRecords } from './tree/place-records.ts';
import { latestRecordTime, readTree, requireWholeTree } from './tree/stored-tree.ts';

/** Time between two looks for records without a place. */
const TICK_MILLIS = 250;
/** Time between two tries to become the leader, or to reach the database again. */
const RETRY_MILLIS = 500;

export interface KeepLogOptions {
  /** The audit database, by the role of the auditor. */
  readonly url: string;
  readonly signer: NoteSigner;
  readonly quorum: Quorum;
  /** Time from the end of a check of all records to the next one. */
  readonly checkEveryMillis: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: AuditorMetrics;
  readonly clock: Clock;
  /** Called with whether the log grows and holds what the audit has, as far as this process knows. */
  readonly onHealth: (isWell: boolean) => void;
}

/**
 * Gives every committed record its place in the tree and publishes checkpoints, as long as this process is the leader. It waits
 * while another process is. After an error it begins again with what the database has.
 */
export async function keepLog(options: KeepLogOptions): Promise<void> {
  const { signal, logger, onHealth, metrics } = options;
  while (!signal.aborted) {
    let session: LeaderSession | undefined;
    try {
      session = await openLeaderSession(options.url);
      await waitToLead(session, options);
      await lead(session, options);
    } catch (err) {
      if (signal.aborted) return;
      onHealth(false);
      if (err instanceof ForkError) metrics.forked();
      logger.error({ err }, err instanceof ForkError ? 'the log has two histories' : 'the log does not grow');
    } finally {
      metrics.leading(false);
      await session?.close().catch(() => {}); // the connection may be what failed
    }
    await sleep(RETRY_MILLIS, undefined, { signal }).catch(() => {});
  }
}

async function waitToLead(session: LeaderSession, { signal, onHealth }: KeepLogOptions): Promise<void> {
  while (!(await session.lead())) {
    onHealth(true);
    await sleep(RETRY_MILLIS, undefined, { signal });
  }
}

async function lead({ db }: LeaderSession, options: KeepLogOptions): Promise<void> {
  const { signal, onHealth, metrics, logger, clock } = options;
  let tree = await readTree(db);
  await requireWholeTree(db, tree);
  const publisher = await createPublisher(db, tree, options);
  const check = createContinuousCheck(options.checkEveryMillis);
  const checkOrder = createOrderCheck(await latestRecordTime(db));
  const lostPositions: string[] = [];
  metrics.leading(true);
  logger.info({ registros: tree.size }, 'this process keeps the log of the audit');
  while (!signal.aborted) {
    const placed = await placeRecords(db, tree, lostPositions);
    tree = placed.tree;
    metrics.placed(placed.records, clock.now());
    report(checkOrder(placed.records, clock.now()), options);
    if (placed.lostPositions.length > 0) {
      lostPositions.push(...placed.lostPositions);
      metrics.lost(placed.lostPositions.length);
      logger.error({ quantidade: placed.lostPositions.length }, 'records were removed before they got their place');
    }
    const isPublished = await publisher.publish(tree);
    metrics.grown(tree.size, publisher.publishedSize());
    if (placed.records.length === BATCH_RECORDS) continue;
    const { faults, hasEnded } = await check.step(db, tree.size);
    report(faults, options);
    if (hasEnded) metrics.checked();
    onHealth(isPublished && lostPositions.length === 0 && check.faultCount() === 0);
    await sleep(TICK_MILLIS, undefined, { signal });
  }
}

function report(faults: readonly RecordFault[], { metrics, logger }: KeepLogOptions): void {
  for (const { kind, at } of faults) {
    metrics.found(kind, 1);
    logger.error({ motivo: kind, registro: at }, 'a record of the audit is not as it must be');
  }
}
