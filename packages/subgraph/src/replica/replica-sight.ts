import type { BaseContract } from '@pessoa/bases/base-definition';

/** The tables of a replica as its PostgreSQL keeps them up to date. */
export interface ReplicaSight {
  /** What the publisher keeps our place under; undefined without a subscription. */
  readonly slot: string | undefined;
  /** False for a subscription that somebody disabled. */
  readonly isEnabled: boolean;
  /** That the subscription follows. */
  readonly publications: readonly string[];
  /** Another after all was copied anew. */
  readonly copy: string;
  /** Tables of the contract that are not, or not wholly, copied yet. */
  readonly incomplete: readonly string[];
  /** What each table was copied from, as `npm run replica` wrote it down (`PublishedTable.origin`). */
  readonly origins: ReadonlyMap<string, string | undefined>;
  /** Why the replica would not take, or not show, all that it is sent. */
  readonly faults: readonly string[];
}

/** The publisher's place in its log and the replica's, in bytes. */
export interface Positions {
  readonly publisher: bigint;
  /** All before it is applied; undefined when the publisher does not know the slot. */
  readonly replica: bigint | undefined;
  /** True while the replica is connected. */
  readonly isConnected: boolean;
  /** True when the publisher has given up the log that the replica still needs. */
  readonly isLost: boolean;
}

/** What those who ask need of a connection; every role may read what they read. */
export interface Asking {
  query<Row>(statement: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

interface SubscribedTable {
  readonly slot: string | null;
  readonly isEnabled: boolean;
  readonly table: string;
  /** `r` when it is followed with the others: before that it is being copied. */
  readonly state: string;
  readonly copy: string;
  readonly publications: string[];
  readonly note: string | null;
  readonly hasRowSecurity: boolean;
  readonly hasTriggers: boolean;
  readonly origin: string;
}

/** A table's comment at the replica, which every role may read: what it was copied from. */
export const ORIGIN_NOTE = 'Pessoa copied this from ';

// Before PostgreSQL 16 a subscription has no `suborigin`: the name is then that of what stands around it.
// While PostgreSQL applies what it is sent, only triggers that are set to REPLICA or ALWAYS fire: they may drop a row.
const SUBSCRIBED_TABLES = `
  SELECT s.subslotname AS "slot", s.subenabled AS "isEnabled", c.relname AS "table", r.srsubstate AS "state",
         s.oid || ' ' || c.oid AS "copy",
         s.subpublications AS "publications", obj_description(c.oid, 'pg_class') AS "note",
         c.relrowsecurity AS "hasRowSecurity",
         EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal AND tgenabled IN ('R', 'A')) AS "hasTriggers",
         (SELECT suborigin FROM pg_subscription own WHERE own.oid = s.oid) AS "origin"
  FROM (SELECT 'any' AS suborigin) older, pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid JOIN pg_class c ON c.oid = r.srrelid
  WHERE pg_table_is_visible(c.oid)`;

/** @throws what the replica throws when it cannot be asked, or lacks or keeps a column of the contract */
export async function lookAtReplica(replica: Asking, contract: BaseContract): Promise<ReplicaSight> {
  const sight = await lookAtSubscription(replica, contract);
  await replica.query(touchingAll(contract));
  return sight;
}

/** What PostgreSQL says of the tables, whether or not they can be read. */
export async function lookAtSubscription(replica: Asking, contract: BaseContract): Promise<ReplicaSight> {
  const { rows } = await replica.query<SubscribedTable>(SUBSCRIBED_TABLES);
  const followed = rows.filter(({ table }) => table in contract);
  const ready = new Set(followed.filter(({ state }) => state === 'r').map(({ table }) => table));
  return {
    slot: followed[0]?.slot ?? undefined,
    isEnabled: followed.length > 0 && followed.every(({ isEnabled }) => isEnabled),
    publications: [...new Set(followed.flatMap(({ publications }) => publications))],
    origins: new Map(followed.map(({ table, note }) => [table, originOf(note)])),
    faults: followed.flatMap(({ table, hasRowSecurity, hasTriggers, origin }) => [
      ...(origin === 'any'
        ? []
        : [`${table} is followed without what the publisher was itself sent (origin = ${origin})`]),
      ...(hasRowSecurity ? [`the replica's ${table} has row security`] : []),
      ...(hasTriggers ? [`the replica's ${table} has a trigger that fires for what it is sent`] : []),
    ]),
    copy: followed
      .map(({ copy }) => copy)
      .toSorted()
      .join(),
    incomplete: Object.keys(contract).filter((table) => !ready.has(table)),
  };
}

const originOf = (note: string | null): string | undefined =>
  note?.startsWith(ORIGIN_NOTE) ? note.slice(ORIGIN_NOTE.length) : undefined;

/** Fails over a missing or kept column, and waits at a locked table as a reader would; reads no row. */
function touchingAll(contract: BaseContract): string {
  const tables = Object.entries(contract).map(
    ([table, columns], index) => `(SELECT ${columns.join(', ')} FROM ${table} LIMIT 0) t${index}`,
  );
  return `SELECT FROM ${tables.join(', ')}`;
}

// The place that is written, not the one that is only planned: a commit that does not wait for the disk shows up here
// up to 0.6 s late. What the replica confirms, it has applied and flushed.
const POSITIONS = `
  SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS "publisher",
         pg_wal_lsn_diff(s.confirmed_flush_lsn, '0/0')::text AS "replica", s.active AS "isConnected",
         coalesce(s.wal_status = 'lost', false) AS "isLost"
  FROM (SELECT) one LEFT JOIN pg_replication_slots s ON s.slot_name = $1`;

/** @param slot of the replica's subscription */
export async function askPositions(publisher: Asking, slot: string | undefined): Promise<Positions> {
  const { rows } = await publisher.query<{
    publisher: string;
    replica: string | null;
    isConnected: boolean | null;
    isLost: boolean;
  }>(POSITIONS, [slot ?? null]);
  const { publisher: at, replica, isConnected, isLost } = rows[0]!;
  return {
    publisher: BigInt(at),
    replica: replica === null ? undefined : BigInt(replica),
    isConnected: isConnected ?? false,
    isLost,
  };
}
