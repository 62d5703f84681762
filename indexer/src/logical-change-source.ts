import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@pessoa/domain/data';
import { openPool as openBasePool, writingSettings } from '@pessoa/postgres/connection-pool';
import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import { type Pool, types } from 'pg';
import type { Pgoutput } from 'pg-logical-replication';
import { countRows } from './base-count.ts';
import { baseRows } from './base-rows.ts';
import { changeInbox } from './change-inbox.ts';
import { type Change, type ChangePage, type ChangeSource, RebuildNeeded } from './change-source.ts';
import { assertUnchanged, checkLogical, inspectLogical } from './logical-contract.ts';
import { logicalSlots } from './logical-slots.ts';
import { type LogicalStream, openLogicalStream } from './logical-stream.ts';
import { type Lsn, parseLsn } from './lsn.ts';
import { toRow, movimentacaoColumns, selectedColumns, type SelectedRow } from './movimentacao-columns.ts';

export interface LogicalOptions {
  /** Reader role. */
  readonly baseC: Pool;
  /** The same database, a role with REPLICATION. */
  readonly replicationUrl: string;
  readonly alias: string;
  /** Time between two requests for the position of the stream; default 500. */
  readonly pollMillis?: number;
  /** Rows of a page of the copy; default 5,000. */
  readonly pageRows?: number;
  /**
   * How long a commit may be visible before it is in the log; default 1,000. With synchronous_commit off that is up to three
   * times wal_writer_delay, 600 ms; with it on, zero.
   */
  readonly asyncCommitMillis?: number;
  /** Time limit of a statement of the replication role; default 60,000. Creating a slot has a limit of one hour. */
  readonly statementMillis?: number;
}

/** PostgreSQL creates a slot only when every active transaction has ended. */
const CREATION_MILLIS = 3_600_000;
/** Additional time for PostgreSQL's message that it has cancelled a statement. */
const NETWORK_MILLIS = 5_000;

/**
 * Follows inserts, updates and deletions by logical decoding, in the order of their commits. The version of a change is the
 * position of its commit in PostgreSQL's log (docs/decisions/0011-event-index.md).
 */
export function logicalChangeSource(options: LogicalOptions): ChangeSource {
  const { baseC, replicationUrl, alias, pollMillis = 500, pageRows = 5_000, asyncCommitMillis = 1_000 } = options;
  const { statementMillis = 60_000 } = options;
  const replication = openPool(replicationUrl, 2, statementMillis);
  const creating = openPool(replicationUrl, 1, CREATION_MILLIS);
  const slots = logicalSlots({ replication, creating }, alias);
  let confirmed: Lsn = 0;
  const faultsOf = async (index: string, position: string): Promise<string[]> => {
    try {
      const { lsn, mark } = positionOf(position);
      assertUnchanged(await inspectLogical(baseC, replication), mark);
      await slots.assertReaches(index, lsn);
      return [];
    } catch (error) {
      if (error instanceof RebuildNeeded) return [error.message];
      throw error;
    }
  };
  return {
    mode: 'logical',
    isOrdered: true,
    async check() {
      await checkLogical(baseC, replication);
      return [];
    },
    faults: faultsOf,
    async begin(index) {
      const { mark } = await inspectLogical(baseC, replication);
      const version = await slots.create(index);
      assertUnchanged(await inspectLogical(baseC, replication), mark);
      // The copy reads rows after the slot was created. Changes from the slot are the same or newer, and win.
      const position = textOf({ lsn: version, mark });
      return { position, copy: (signal) => copyRows(baseC, { version, position, pageRows }, signal) };
    },
    async *follow(index, position, signal) {
      const { lsn: from, mark } = positionOf(position);
      const inspection = await inspectLogical(baseC, replication);
      assertUnchanged(inspection, mark);
      if (inspection.end < from) throw new RebuildNeeded('the log of Base C ends before the position of the index');
      await slots.assertReaches(index, from);
      confirmed = from;
      const inbox = changeInbox(from);
      const reader = transactionReader(baseC, inspection.oid, inbox.add, inbox.reach);
      const stream = openLogicalStream(
        { replicationUrl, slot: slots.nameOf(index), from },
        { onMessage: reader.read, onReached: reader.reached, onFailure: inbox.fail },
      );
      const stopping = new AbortController();
      const asking = askHowFar(stopping.signal, stream, inbox.upToDate).catch(inbox.fail);
      signal.addEventListener('abort', inbox.close, { once: true });
      try {
        if (signal.aborted) return;
        for (let page; (page = await inbox.take());) {
          yield { ...page, position: textOf({ lsn: Number(page.position), mark }) };
        }
      } finally {
        signal.removeEventListener('abort', inbox.close);
        stopping.abort();
        inbox.close();
        await asking;
        await stream.stop();
      }

      /** Once the stream passes the end that the log had at an instant, everything committed before that instant has come. */
      async function askHowFar(ended: AbortSignal, { report }: LogicalStream, onUpToDate: (upToDateAt: Date) => void) {
        while (!ended.aborted) {
          const upToDateAt = new Date(systemClock.now().getTime() - asyncCommitMillis);
          const now = await inspectLogical(baseC, replication);
          assertUnchanged(now, mark);
          const { end } = now;
          while (!ended.aborted && reader.at() < end) {
            report(confirmed);
            await sleep(pollMillis / 5, undefined, { signal: ended }).catch(() => {});
          }
          if (ended.aborted) return;
          onUpToDate(upToDateAt);
          report(confirmed);
          await sleep(pollMillis, undefined, { signal: ended }).catch(() => {});
        }
      }
    },
    async versionsOf(ids, index) {
      // The index has everything before the confirmed position, and every further change is above it. The end of the log would
      // be too high: a commit is in the log before a read shows it.
      const version = await slots.confirmed(index);
      return new Map(ids.map((id) => [id, version]));
    },
    settledVersion: () => undefined,
    count: (_upTo, signal) => countRows(baseC, 'SELECT count(*) AS "postings" FROM movimentacao', [], signal),
    acknowledge: (position) => void (confirmed = Math.max(confirmed, positionOf(position).lsn)),
    forget: slots.drop,
    forgetOthers: slots.dropOthers,
    close: async () => void (await Promise.all([replication.end(), creating.end()])),
  };
}

function openPool(connectionString: string, max: number, statementMillis: number): Pool {
  return openBasePool(
    {
      connectionString,
      max,
      connectionTimeoutMillis: 5_000,
      query_timeout: statementMillis + NETWORK_MILLIS,
      keepAlive: true,
    },
    writingSettings(statementMillis), // creating a slot needs a session that may write
  );
}

interface LogicalPosition {
  /** The index has everything before this position of the log. */
  readonly lsn: Lsn;
  /** The mark of the catalogue when the index was begun. */
  readonly mark: string;
}

const textOf = ({ lsn, mark }: LogicalPosition): string => `${lsn}@${mark}`;

function positionOf(position: string): LogicalPosition {
  const [lsn, mark] = position.split('@');
  if (!mark) throw new RebuildNeeded('the position does not name its Base C');
  return { lsn: Number(lsn), mark };
}

async function* copyRows(
  baseC: Pool,
  { version, position, pageRows }: { version: Lsn; position: string; pageRows: number },
  signal: AbortSignal,
): AsyncGenerator<ChangePage> {
  for await (const rows of baseRows(baseC, pageRows)) {
    if (signal.aborted) return;
    yield { changes: rows.map((row) => ({ version, row })), position, upToDateAt: undefined };
  }
}

const ONE = `SELECT ${selectedColumns} FROM movimentacao WHERE id = $1`;

/**
 * Converts a row of the log. If the type of a column is a domain, the driver does not know it and returns an instant or a list as
 * text.
 */
function toRowOfTuple(tuple: Record<string, unknown>): MovimentacaoLinha {
  const { data_hora: instant, palavras } = tuple;
  return {
    ...tuple,
    data_hora: typeof instant === 'string' ? (readTimestamptz(instant) ?? new Date(Number.NaN)) : instant,
    palavras: typeof palavras === 'string' ? readTexts(palavras) : palavras,
  } as MovimentacaoLinha;
}

const readTimestamptz = types.getTypeParser(types.builtins.TIMESTAMPTZ);
/** `text[]`, which the driver's types do not name. */
const readTexts = types.getTypeParser(1009 as typeof types.builtins.TEXT);

/** @throws RebuildNeeded when a change does not name the former CPF: the posting under that CPF would stay in the index */
function assertIdentified({ replicaIdentity, keyColumns }: Pgoutput.MessageRelation): void {
  if (replicaIdentity === 'full' || (keyColumns.includes('id') && keyColumns.includes('cpf'))) return;
  throw new RebuildNeeded('the replica identity of movimentacao did not contain id and cpf');
}

/**
 * Converts the messages of a slot to changes. Transactions come one by one, in the order of their commits. Messages about other
 * tables of the publication are skipped.
 */
function transactionReader(
  baseC: Pool,
  oid: number,
  add: (change: Change) => Promise<void>,
  reach: (lsn: Lsn) => void,
) {
  // The oid identifies the table even while it has another name.
  const isOurs = (relation: Pgoutput.MessageRelation): boolean => relation.relationOid === oid;
  let version: Lsn | undefined; // of the current transaction
  let place: Lsn = 0;
  const moveTo = (lsn: Lsn): void => {
    place = Math.max(place, lsn);
    reach(place);
  };
  const addRow = async (tuple: Record<string, unknown>): Promise<void> => {
    if (movimentacaoColumns.every((column) => tuple[column] !== undefined)) {
      return add({ version: version!, row: toRowOfTuple(tuple) });
    }
    // The log does not contain a long value that did not change. The current row of Base C is this row or a newer one, whose
    // change is still to come.
    const { rows } = await baseC.query<SelectedRow>(ONE, [tuple['id']]);
    if (rows[0]) await add({ version: version!, row: toRow(rows[0]) });
  };
  const removal = ({ id, cpf }: Record<string, unknown>): Change => ({
    version: version!,
    removed: { id: id as string, cpf: cpf as string | null },
  });
  return {
    /** Everything before this position has been read. */
    at: () => place,
    reached(lsn: Lsn): void {
      if (version === undefined) moveTo(lsn);
    },
    async read(message: Pgoutput.Message): Promise<void> {
      if ('relation' in message && !isOurs(message.relation)) return;
      if (message.tag === 'update' || message.tag === 'delete') assertIdentified(message.relation);
      switch (message.tag) {
        case 'begin':
          version = parseLsn(message.commitLsn!);
          break;
        case 'insert':
          await addRow(message.new);
          break;
        case 'update': {
          const before = message.key ?? message.old;
          const isMoved = before && (before['id'] !== message.new['id'] || before['cpf'] !== message.new['cpf']);
          if (isMoved) await add(removal(before));
          await addRow(message.new);
          break;
        }
        case 'delete':
          await add(removal((message.key ?? message.old)!));
          break;
        case 'truncate':
          if (message.relations.some(isOurs)) throw new RebuildNeeded('Base C has emptied its postings');
          break;
        case 'commit':
          version = undefined;
          moveTo(parseLsn(message.commitEndLsn!));
          break;
      }
    },
  };
}
