import type { BaseContract } from '@pessoa/bases/base-definition';

/** The subscription and the tables of a replica, from its own catalogue. */
export interface ReplicaSight {
  /** Name of the replication slot at the publisher; undefined without a subscription. */
  readonly slot: string | undefined;
  /** False when somebody disabled the subscription. */
  readonly isEnabled: boolean;
  /** Publications that the subscription follows. */
  readonly publications: readonly string[];
  /** Identifies the copy: it changes when the tables are copied anew. */
  readonly copy: string;
  /** Tables of the contract whose copy is not complete. */
  readonly incomplete: readonly string[];
  /** Origin of each table (`PublishedTable.origin`) when `npm run replica` copied it. */
  readonly origins: ReadonlyMap<string, string | undefined>;
  /** Why the replica may not apply, or not show, all changes that it receives. */
  readonly faults: readonly string[];
}

/** Positions of publisher and replica in the publisher's log, in bytes. */
export interface Positions {
  readonly publisher: bigint;
  /** The replica has applied everything before it. Undefined when the publisher does not know the slot. */
  readonly replica: bigint | undefined;
  /** True while the replica is connected. */
  readonly isConnected: boolean;
  /** True when the publisher has removed log that the replica still needs. */
  readonly isLost: boolean;
}

/** A connection that runs statements. Every role may read what the statements here read. */
export interface Queryable {
  query<Row>(statement: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

interface SubscribedTable {
  readonly slot: string | null;
  readonly isEnabled: boolean;
  readonly table: string;
  /** `srsubstate`: `r` after the copy of the table. */
  readonly state: string;
  readonly copy: string;
  readonly publications: string[];
  readonly note: string | null;
  readonly hasRowSecurity: boolean;
  readonly hasTriggers: boolean;
  readonly origin: string;
}

/** Prefix of a table's comment at the replica; the origin follows. Every role may read comments. */
export const ORIGIN_NOTE = 'Pessoa copied this from ';

// Before PostgreSQL 16 a subscription has no `suborigin`; the name then resolves to the outer `older.suborigin`.
// While PostgreSQL applies changes, only triggers that are set to REPLICA or ALWAYS fire: they may drop a row.
const SUBSCRIBED_TABLES = `
  SELECT s.subslotname AS "slot", s.subenabled AS "isEnabled", c.relname AS "table", r.srsubstate AS "state",
         s.oid || ' ' || c.oid AS "copy",
         s.subpublications AS "publications", obj_description(c.oid, 'pg_class') AS "note",
         c.relrowsecurity AS "hasRowSecurity",
         EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal AND tgenabled IN ('R', 'A')) AS "hasTriggers",
         (SELECT suborigin FROM pg_subscription own WHERE own.oid = s.oid) AS "origin"
  FROM (SELECT 'any' AS suborigin) older, pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid JOIN pg_class c ON c.oid = r.srrelid
  WHERE pg_table_is_visible(c.oid)`;

/** @throws the replica's error when it does not answer, or our role cannot select a column of the contract */
export async function lookAtReplica(replica: Queryable, contract: BaseContract): Promise<ReplicaSight> {
  const sight = await lookAtSubscription(replica, contract);
  await replica.query(emptySelect(contract));
  return sight;
}

/** Reads the catalogue only: the tables need not be readable. */
export async function lookAtSubscription(replica: Queryable, contract: BaseContract): Promise<ReplicaSight> {
  const { rows } = await replica.query<SubscribedTable>(SUBSCRIBED_TABLES);
  const subscribedTables = rows.filter(({ table }) => table in contract);
  const copiedTables = new Set(subscribedTables.filter(({ state }) => state === 'r').map(({ table }) => table));
  return {
    slot: subscribedTables[0]?.slot ?? undefined,
    isEnabled: subscribedTables.length > 0 && subscribedTables.every(({ isEnabled }) => isEnabled),
    publications: [...new Set(subscribedTables.flatMap(({ publications }) => publications))],
    origins: new Map(subscribedTables.map(({ table, note }) => [table, originOf(note)])),
    faults: subscribedTables.flatMap(({ table, hasRowSecurity, hasTriggers, origin }) => [
      ...(origin === 'any'
        ? []
        : [`${table} is followed without changes that the publisher received by replication (origin = ${origin})`]),
      ...(hasRowSecurity ? [`the replica's ${table} has row security`] : []),
      ...(hasTriggers ? [`the replica's ${table} has a trigger that fires for replicated changes`] : []),
    ]),
    copy: subscribedTables
      .map(({ copy }) => copy)
      .toSorted()
      .join(),
    incomplete: Object.keys(contract).filter((table) => !copiedTables.has(table)),
  };
}

const originOf = (note: string | null): string | undefined =>
  note?.startsWith(ORIGIN_NOTE) ? note.slice(ORIGIN_NOTE.length) : undefined;

/** Fails when our role cannot select a column, and waits for a locked table like a reader. It returns no rows. */
function emptySelect(contract: BaseContract): string {
  const tables = Object.entries(contract).map(
    ([table, columns], index) => `(SELECT ${columns.join(', ')} FROM ${table} LIMIT 0) t${index}`,
  );
  return `SELECT FROM ${tables.join(', ')}`;
}

// The written position, not the insert position: an asynchronous commit shows up here up to 0.6 s late. The replica has applied and
// flushed everything that it confirms.
const POSITIONS = `
  SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS "publisher",
         pg_wal_lsn_diff(s.confirmed_flush_lsn, '0/0')::text AS "replica", s.active AS "isConnected",
         coalesce(s.wal_status = 'lost', false) AS "isLost"
  FROM (SELECT) one LEFT JOIN pg_replication_slots s ON s.slot_name = $1`;

/** @param slot name of the subscription's replication slot */
export async function askPositions(publisher: Queryable, slot: string | undefined): Promise<Positions> {
  const { rows } = await publisher.query<{
    publisher: string;
    replica: string | null;
    isConnected: boolean | null;
    isLost: boolean;
  }>(POSITIONS, [slot ?? null]);
  const { publisher: publisherPosition, replica, isConnected, isLost } = rows[0]!;
  return {
    publisher: BigInt(publisherPosition),
    replica: replica === null ? undefined : BigInt(replica),
    isConnected: isConnected ?? false,
    isLost,
  };
}
