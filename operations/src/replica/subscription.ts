import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeIdentifier as id, escapeLiteral as literal } from 'pg';
import { startProgress } from '../progress/progress.ts';
import { qualified, type Say } from './publication.ts';
import { ReplicaError } from './replica-error.ts';
import type { ReplicaNames } from './replica-names.ts';
import type { PublisherTable } from './publisher-tables.ts';

/** The number of failed attempts of PostgreSQL to copy a table after which the command fails. */
const COPY_FAILURES_MAX = 3;
const POLL_MILLIS = 250;
const INSUFFICIENT_PRIVILEGE = '42501';
const SLOT_TRIES = 20;

/** The names of the tables that our subscription follows or copies, as `schema.table`. */
export async function followedTables(replica: Client, { publication }: ReplicaNames): Promise<Set<string>> {
  const { rows } = await replica.query<{ table: string }>(
    `SELECT n.nspname || '.' || c.relname AS "table"
     FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
     JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE s.subname = $1`,
    [publication],
  );
  return new Set(rows.map(({ table }) => table));
}

/**
 * Creates the subscription, or mends an existing one: enables it, sets its connection, and makes it follow every published table.
 * If its slot is gone or lost, changes are missing, and every table is copied again.
 */
export async function ensureSubscription(
  { publisher, replica }: { publisher: Client; replica: Client },
  names: ReplicaNames,
  { connection, tables, say }: { connection: string; tables: readonly PublisherTable[]; say: Say },
): Promise<void> {
  const subscription = id(names.publication);
  const { rows } = await replica.query<{ enabled: boolean }>(
    `SELECT subenabled AS "enabled" FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
     WHERE subname = $1 AND datname = current_database()`,
    [names.publication],
  );
  const { rows: slots } = await publisher.query<{ isLost: boolean }>(
    `SELECT wal_status = 'lost' AS "isLost" FROM pg_replication_slots WHERE slot_name = $1`,
    [names.subscription],
  );
  if (rows[0] && slots[0] && !slots[0].isLost) {
    await replica.query(`ALTER SUBSCRIPTION ${subscription} CONNECTION ${literal(connection)}`);
    if (!rows[0].enabled) await replica.query(`ALTER SUBSCRIPTION ${subscription} ENABLE`);
    await replica.query(`ALTER SUBSCRIPTION ${subscription} REFRESH PUBLICATION`);
    return say(`replica: subscription ${names.publication} was there${rows[0].enabled ? '' : ', disabled: enabled'}`);
  }
  if (rows[0]) {
    await forgetSubscription(replica, names);
    say(`replica: the publisher has lost the slot of subscription ${names.publication}: every table is copied again`);
  }
  // Rows of a removed subscription have missed changes. They are removed before the slot is dropped, which may fail for lack of a
  // right: the next run would refuse a table with rows that no subscription follows.
  for (const table of tables) await replica.query(`TRUNCATE ${qualified(table)}`);
  await dropSlot(publisher, names);
  await replica.query(
    `CREATE SUBSCRIPTION ${subscription} CONNECTION ${literal(connection)} PUBLICATION ${subscription}
     WITH (slot_name = ${literal(names.subscription)})`,
  );
  say(`replica: subscription ${names.publication} made`);
}

/** Drops the subscription without contacting the publisher. The slot stays. */
export async function forgetSubscription(replica: Client, { publication }: ReplicaNames): Promise<void> {
  const subscription = id(publication);
  await replica.query(`ALTER SUBSCRIPTION ${subscription} DISABLE`);
  await replica.query(`ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE)`);
  await replica.query(`DROP SUBSCRIPTION ${subscription}`);
}

/**
 * Ends the worker of a dropped subscription, which may still be connected. It ends by itself soon, so an owner without the
 * right to end a process of another role waits for that.
 */
async function endWorker(publisher: Client, slot: string): Promise<void> {
  try {
    await publisher.query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1', [
      slot,
    ]);
  } catch (error) {
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
  }
}

/** @returns false when there was none */
export async function dropSlot(publisher: Client, { subscription: own }: ReplicaNames): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    await endWorker(publisher, own);
    try {
      const { rowCount } = await publisher.query(
        'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
        [own],
      );
      return rowCount === 1;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || tries === SLOT_TRIES) throw error; // still in use
      await sleep(POLL_MILLIS);
    }
  }
}

interface CopyState {
  readonly tables: number;
  readonly ready: number;
  readonly rows: string;
  readonly failures: string;
}

/** Waits until every table is copied and followed. @throws ReplicaError after three failed attempts to copy a table */
export async function waitForCopy(replica: Client, { publication }: ReplicaNames): Promise<void> {
  const state = async (): Promise<CopyState> => (await replica.query<CopyState>(COPY_STATE, [publication])).rows[0]!;
  const first = await state();
  const progress = startProgress('copy', first.tables, 'tables');
  try {
    for (let current = first; current.ready < current.tables; current = await state()) {
      if (Number(current.failures) - Number(first.failures) >= COPY_FAILURES_MAX) {
        throw new ReplicaError(
          "PostgreSQL failed three times to copy a table: the log of the replica's server says why",
        );
      }
      progress.update(current.ready, `${current.rows} rows of unfinished tables copied`);
      await sleep(POLL_MILLIS);
    }
  } finally {
    progress.stop();
  }
}

const COPY_STATE = `
  SELECT count(*)::int AS "tables", count(*) FILTER (WHERE r.srsubstate = 'r')::int AS "ready",
         coalesce((SELECT sum(tuples_processed) FROM pg_stat_progress_copy WHERE datname = current_database()), 0)::text AS "rows",
         coalesce((SELECT max(sync_error_count) FROM pg_stat_subscription_stats WHERE subname = $1), 0)::text AS "failures"
  FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
  WHERE s.subname = $1`;
