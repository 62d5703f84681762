import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { RebuildNeeded } from './change-source.ts';
import { type Lsn, parseLsn } from './lsn.ts';

const DROP_ATTEMPTS = 50;
const DROP_WAIT_MILLIS = 100;

/** PostgreSQL keeps its log for a slot until we have acknowledged it; each index has a slot of its own. */
export interface LogicalSlots {
  nameOf(index: string): string;
  /** @returns from where on the slot gives every transaction */
  create(index: string): Promise<Lsn>;
  /** Up to where it was acknowledged. @throws RebuildNeeded when the slot is gone */
  confirmed(index: string): Promise<Lsn>;
  /** @throws RebuildNeeded when the slot cannot give everything after `from` */
  assertReaches(index: string, from: Lsn): Promise<void>;
  drop(index: string): Promise<void>;
  dropOthers(keptIndexes: readonly string[]): Promise<void>;
}

export interface SlotPools {
  /** A role with REPLICATION, in Base C's database. */
  readonly replication: Pool;
  /** The same, for a statement that waits for other people's transactions. */
  readonly creating: Pool;
}

export function logicalSlots({ replication, creating }: SlotPools, alias: string): LogicalSlots {
  // Hashed, because a slot's name has at most 63 letters and none but a-z, 0-9 and _.
  const prefix = `pessoa_${createHash('sha256').update(alias).digest('hex').slice(0, 12)}_`;
  const nameOf = (index: string): string => prefix + index.slice(alias.length + 1).replaceAll('-', '_');
  const dropNamed = async (name: string): Promise<void> => {
    // The server's side of a connection that we have closed may need a moment to let go of the slot.
    for (let attempts = DROP_ATTEMPTS; attempts > 0; attempts--) {
      const { rows } = await replication.query<{ active: boolean }>(
        'SELECT active FROM pg_replication_slots WHERE slot_name = $1',
        [name],
      );
      if (!rows[0]) return;
      if (!rows[0].active) return void (await replication.query('SELECT pg_drop_replication_slot($1)', [name]));
      await sleep(DROP_WAIT_MILLIS);
    }
    throw new Error(`the replication slot ${name} is in use`);
  };
  const slotOf = async (index: string): Promise<{ confirmed: Lsn; lost: boolean }> => {
    const { rows } = await replication.query<{ confirmed: string; lost: boolean }>(
      `SELECT confirmed_flush_lsn::text AS confirmed, wal_status = 'lost' AS lost FROM pg_replication_slots
       WHERE slot_name = $1 AND database = current_database()`,
      [nameOf(index)],
    );
    const [slot] = rows;
    if (!slot) throw new RebuildNeeded('the replication slot of the index is gone');
    return { confirmed: parseLsn(slot.confirmed), lost: slot.lost };
  };
  return {
    nameOf,
    confirmed: async (index) => (await slotOf(index)).confirmed,
    async create(index) {
      const { rows } = await creating.query<{ lsn: string }>(
        "SELECT lsn::text FROM pg_create_logical_replication_slot($1, 'pgoutput')",
        [nameOf(index)],
      );
      return parseLsn(rows[0]!.lsn);
    },
    async assertReaches(index, from) {
      const slot = await slotOf(index);
      if (slot.lost) throw new RebuildNeeded('Base C has removed the log that the index still needed');
      // The index was put back to an earlier state than we had acknowledged.
      if (slot.confirmed > from) throw new RebuildNeeded('the index is behind its replication slot');
    },
    drop: (index) => dropNamed(nameOf(index)),
    async dropOthers(kept) {
      const names = new Set(kept.map(nameOf));
      const { rows } = await replication.query<{ name: string }>(
        `SELECT slot_name AS name FROM pg_replication_slots
         WHERE starts_with(slot_name, $1) AND database = current_database()`,
        [prefix],
      );
      for (const { name } of rows) if (!names.has(name)) await dropNamed(name);
    },
  };
}
