import { setTimeout as sleep } from 'node:timers/promises';
import { type ReplicaMonitor, watchReplica } from '@pessoa/subgraph/replica/replica-monitor';
import { connectPostgres } from '../postgres/connect-postgres.ts';
import { publicationOf } from './replica-names.ts';
import type { WatchedBase } from './replica-settings.ts';

export interface ReplicaStatus {
  /** One line about the replica, and one for each slot at the publisher that nobody reads. */
  readonly lines: readonly string[];
  /** Reads would go to the replica. */
  readonly isHealthy: boolean;
}

/** A replica that is behind is watched this long: its age is known once it gets to where the publisher was. */
const LOOKS = 5;

/** What a service would make of this replica now; asks by the roles that the service reads with. */
export async function replicaStatus(base: WatchedBase): Promise<ReplicaStatus> {
  const monitor = watchReplica({ publisherUrl: base.url, replica: base.replica, contract: base.contract });
  try {
    await monitor.look();
    for (let looks = 1; looks < LOOKS && monitor.obstacle() === 'unknown'; looks++) {
      await sleep(1_000);
      await monitor.look();
    }
    if (monitor.obstacle() === undefined || monitor.obstacle() === 'changed') await monitor.count();
    const obstacle = monitor.obstacle();
    const reads = obstacle ? `reads go to the publisher (${obstacle})` : 'reads go to the replica';
    const { faults } = monitor.status();
    const lines = [
      `${base.name}: ${stateOf(base, monitor)}: ${reads}`,
      ...faults.map((fault) => `${base.name}: ${fault}`),
      ...(faults.length > 0
        ? [`${base.name}: npm run replica -- ${base.name} mends it, and copies anew what it must`]
        : []),
      ...(await idleSlots(base, monitor)),
    ];
    return { lines, isHealthy: obstacle === undefined };
  } finally {
    await monitor.close();
  }
}

function stateOf({ contract }: WatchedBase, monitor: ReplicaMonitor): string {
  const { replica, positions, cause } = monitor.status();
  if (!replica) {
    // Class 42 of SQLSTATE: names and rights.
    const isAnswering = (cause as { code?: string } | undefined)?.code?.startsWith('42');
    return isAnswering ? 'the replica lacks, or keeps from our role, a table or column' : 'the replica does not answer';
  }
  const tables = Object.keys(contract).length;
  const subscription = !replica.slot ? 'no subscription' : !replica.isEnabled ? 'subscription disabled' : 'subscription enabled'; // prettier-ignore
  const ready = `${tables - replica.incomplete.length} of ${tables} tables ready${list(replica.incomplete)}`;
  return `${subscription}, ${ready}, ${lagOf()}`;

  function lagOf(): string {
    if (!positions) return 'the publisher does not answer';
    if (positions.replica === undefined) return 'the publisher has no slot of it';
    const behind = positions.publisher - positions.replica;
    const seconds = monitor.lagSeconds();
    const age = seconds === Number.POSITIVE_INFINITY ? `over ${LOOKS - 1} s` : `${seconds.toFixed(1)} s`;
    return `${positions.isConnected ? 'connected' : 'not connected'}, ${behind > 0n ? behind : 0n} bytes and ${age} behind`;
  }
}

const list = (incomplete: readonly string[]): string =>
  incomplete.length === 0 ? '' : ` (not ${incomplete.join(', ')})`;

/** A slot that nobody reads makes the publisher keep its log until the disk is full. */
async function idleSlots(base: WatchedBase, monitor: ReplicaMonitor): Promise<string[]> {
  const publisher = await connectPostgres(base.url).catch(() => undefined);
  if (!publisher) return [];
  try {
    const { rows } = await publisher.query<{ slot: string; kept: string | null }>(
      `SELECT slot_name AS "slot", pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text AS "kept"
       FROM pg_replication_slots WHERE NOT active AND slot_name LIKE $1 ORDER BY 1`,
      [`${publicationOf(base.name).replaceAll('_', '\\_')}\\_%`],
    );
    const { replica } = monitor.status();
    // One that does not answer cannot say which slot is its own.
    const isOther = (slot: string): boolean => replica !== undefined && slot !== replica.slot;
    return rows.map(
      ({ slot, kept }) =>
        `${base.name}: nobody reads slot ${slot}${isOther(slot) ? ', which is not this replica’s' : ''}: the publisher keeps ${kept ?? 0} bytes of its log for it`,
    );
  } finally {
    await publisher.end();
  }
}
