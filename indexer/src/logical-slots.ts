import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { RebuildNeeded } from './change-source.ts';
import { type Lsn, parseLsn } from './lsn.ts';

const DROP_ATTEMPTS = 50;
const DROP_WAIT_MILLIS = 100;

/** Replication slots, one for each index. PostgreSQL keeps its log for a slot until it is acknowledged. */
export interface LogicalSlots {
  nameOf(index: string): string;
  /** @returns the position from which the slot sends every transaction */
  create(index: string): Promise<Lsn>;
  /** @returns the acknowledged position @throws RebuildNeeded when the slot does not exist */
  confirmed(index: string): Promise<Lsn>;
  /** @throws RebuildNeeded when the slot cannot send everything after `from` */
  assertReaches(index: string, from: Lsn): Promise<void>;
  drop(index: string): Promise<void>;
  dropOthers(keptIndexes: readonly string[]): Promise<void>;
}

export interface SlotPools {
  /** A role with REPLICATION, in Base C's database. */
  readonly replication: Pool;
  /** The same, with a longer time limit: creating a slot waits for active transactions. */
  readonly creating: Pool;
}

export function logicalSlots({ replication, creating }: SlotPools, alias: string): LogicalSlots {
  // The alias is hashed: the name of a slot has at most 63 characters, and only a-z, 0-9 and _.
  const prefix = `pessoa_${createHash('sha256').update(alias).digest('hex').slice(0, 12)}_`;
  const nameOf = (index: string): string => prefix + index.slice(alias.length + 1).replaceAll('-', '_');
  const dropNamed = async (name: string): Promise<void> => {
    // After we close a connection, the server may need a moment to release its slot.
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
      // Somebody restored the index to a state before the acknowledged position.
      if (slot.confirmed > from) throw new RebuildNeeded('the index is behind its replication slot');
    },
    drop: (index) => dropNamed(nameOf(index)),
    async dropOthers(keptIndex) {
      const names = new Set(keptIndex.map(nameOf));
      const { rows } = await replication.query<{ name: string }>(
        `SELECT slot_name AS name FROM pg_replication_slots
         WHERE starts_with(slot_name, $1) AND database = current_database()`,
        [prefix],
      );
      for (const { name } of rows) if (!names.has(name)) await dropNamed(name);
    },
  };
}
