import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@pessoa/domain/data';
import type { Logger } from '@pessoa/service/logging/logger';
import type { NoteSigner } from '@pessoa/transparency-log/notes/signed-note';
import type { Pool } from 'pg';
import type { AuditorMetrics } from './auditor-metrics.ts';
import { type ContinuousCheck, createContinuousCheck } from './checks/continuous-check.ts';
import { countsOf, type FaultKind, faultKinds, kindsAtPlacing, NO_FAULTS } from './checks/fault-kinds.ts';
import { createOrderCheck } from './checks/record-order.ts';
import type { RecordFault } from './checks/record-check.ts';
import { createPublisher } from './checkpoints/publisher.ts';
import type { Quorum } from './checkpoints/quorum.ts';
import { ContradictionError } from './contradiction-error.ts';
import { type LeaderSession, openLeaderSession } from './leadership/leader-session.ts';
import type { IndicesOf } from './people/index-threads.ts';
import { pruneNodes } from './people/map-nodes.ts';
import { nodeCache } from './people/node-cache.ts';
import type { PersonKeys } from './people/person-keys.ts';
import { keepProofs } from './people/stored-proofs.ts';
import { addMonths } from './records/month-partitions.ts';
import { type Placed, placeRecords } from './tree/place-records.ts';
import { countLostRecords, latestRecordTime, readTree } from './tree/stored-tree.ts';

/** Time between two looks for records without a place. */
const TICK_MILLIS = 250;
/** Time between two tries to become the leader, or to reach the database again. */
const RETRY_MILLIS = 500;
/** The same while the database contradicts the log: only an operator can mend that. */
const CONTRADICTED_MILLIS = 5_000;

export interface KeepLogOptions {
  /** The audit database, by the role of the auditor. */
  readonly url: string;
  /** Connections of the same role, for what is read beside the session of the leader. */
  readonly readers: Pool;
  readonly signer: NoteSigner;
  readonly keys: PersonKeys;
  /** Computes the indices of new people. */
  readonly indicesOf: IndicesOf;
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
  const checks: Checks = {
    stored: createContinuousCheck(options.keys, options.checkEveryMillis),
    atPlacing: { misdated: 0, unchained: 0 },
  };
  while (!signal.aborted) {
    let session: LeaderSession | undefined;
    let isContradicted = false;
    try {
      session = await openLeaderSession(options.url);
      await waitToLead(session, options);
      await lead(session, checks, options);
    } catch (err) {
      if (signal.aborted) return;
      onHealth(false);
      isContradicted = err instanceof ContradictionError;
      if (isContradicted) metrics.contradicted();
      logger.error({ err }, isContradicted ? 'the database contradicts the log' : 'the log does not grow');
    } finally {
      metrics.leading(false);
      metrics.faults(NO_FAULTS); // the leader reports them
      await session?.close().catch(() => {}); // the connection may be what failed
    }
    await sleep(isContradicted ? CONTRADICTED_MILLIS : RETRY_MILLIS, undefined, { signal }).catch(() => {});
  }
}

async function waitToLead(session: LeaderSession, { signal, onHealth }: KeepLogOptions): Promise<void> {
  while (!(await session.lead())) {
    onHealth(true);
    await sleep(RETRY_MILLIS, undefined, { signal });
  }
}

type KindAtPlacing = (typeof kindsAtPlacing)[number];
const isAtPlacing = (kind: FaultKind): kind is KindAtPlacing => (kindsAtPlacing as readonly FaultKind[]).includes(kind);

/** What outlives a loss of the lead. */
interface Checks {
  readonly stored: ContinuousCheck;
  /** Records so far. */
  readonly atPlacing: Record<KindAtPlacing, number>;
}

async function lead({ db }: LeaderSession, checks: Checks, options: KeepLogOptions): Promise<void> {
  const { signal, onHealth, metrics, logger, clock } = options;
  let tree = await readTree(db);
  const publisher = await createPublisher(db, tree, { ...options, vrfPublicKey: options.keys.vrfPublicKey });
  const people = { keys: options.keys, cache: nodeCache(), indicesOf: options.indicesOf };
  const checkOrder = createOrderCheck(await latestRecordTime(db), clock.now());
  const addMissingMonths = addMonths(db, logger);
  const keepSomeProofs = keepProofs(options.keys);
  let lostRecords = 0;
  metrics.leading(true);
  logger.info({ registros: tree.size }, 'this process keeps the log of the audit');
  while (!signal.aborted) {
    const placed = await placeRecords(db, tree, people);
    tree = placed.tree;
    metrics.placed(placed.records, clock.now());
    noteFaults(placed);
    const publishedBefore = publisher.publishedSize();
    const isPublished = await publisher.publish(tree);
    if (publisher.publishedSize() > publishedBefore) await pruneNodes(db);
    metrics.grown(tree.size, publisher.publishedSize());
    if (!placed.isFull) await lookBack();
    await addMissingMonths();
    const stored = checks.stored.faults();
    const faults = countsOf((kind) => (isAtPlacing(kind) ? checks.atPlacing[kind] : stored[kind]));
    metrics.faults({ ...faults, lost: lostRecords });
    onHealth(isPublished && lostRecords === 0 && faultKinds.every((kind) => isAtPlacing(kind) || stored[kind] === 0));
    if (!placed.isFull) await sleep(TICK_MILLIS, undefined, { signal });
  }

  function noteFaults({ records, unchained }: Placed): void {
    const faults = [
      ...checkOrder(records, clock.now()),
      ...unchained.map((at): RecordFault => ({ kind: 'unchained', at })),
    ];
    for (const { kind } of faults) if (isAtPlacing(kind)) checks.atPlacing[kind] += 1;
    report(faults, logger);
  }

  /** Compares records that are there already, and stores the proofs of their people, while none waits for its place. */
  async function lookBack(): Promise<void> {
    const lostBefore = lostRecords;
    lostRecords = await countLostRecords(db);
    if (lostRecords > lostBefore) logger.error({ quantidade: lostRecords }, 'records were removed before they got their place'); // prettier-ignore
    const { faults, hasEnded } = await checks.stored.step(db, tree);
    report(faults, logger);
    if (hasEnded) metrics.checked();
    await keepSomeProofs(db, tree.size);
  }
}

function report(faults: readonly RecordFault[], logger: Logger): void {
  for (const { kind, at } of faults)
    logger.error({ motivo: kind, registro: at }, 'a record of the audit is not as it must be');
}
