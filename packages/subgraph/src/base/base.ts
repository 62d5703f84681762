import type { BaseContract, ColumnTypes, ExpectedIndexes, Keys } from '@pessoa/bases/base-definition';
import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import { boundAcquire, OPENING_MILLIS } from '@pessoa/postgres/bounded-acquire';
import { openPool, readingSettings } from '@pessoa/postgres/connection-pool';
import { keepConnections } from '@pessoa/postgres/kept-connections';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import { PrismaPg } from '@prisma/adapter-pg';
import { escapeIdentifier, type Pool, type PoolConfig } from 'pg';
import {
  contractFaults,
  OFFERED_COLUMNS,
  OFFERED_SESSION,
  type OfferedColumn,
  type OfferedSession,
  OFFERING_SERVER,
  type OfferingServer,
  schemasOf,
  sessionFaults,
} from './base-contract.ts';
import { missingIndexes, OFFERED_INDEXES, type OfferedIndexes } from './expected-indexes.ts';
import { createSourceGuard } from './source-guard.ts';

/** The times a statement may take, in milliseconds; together they are the service's share of the router's budget. */
export interface BaseBudget {
  readonly acquireMillis: number;
  readonly statementMillis: number;
}

/** Where a read looks. */
export interface Origin {
  /** True for a copy of the base that may lack what the base has had for a while. */
  readonly isStale: boolean;
  /**
   * The name of a table of the contract for a statement, with its schema: found once and the same for every session,
   * whatever the `search_path`.
   * @throws PublicError FONTE_INVALIDA for one that is in more than one schema
   */
  readonly table: TableName;
}

export type TableName = (table: string) => string;

/** An external base, read through a generated Prisma client. */
export interface Base<Client> {
  /** @throws PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with the base's `fonte` */
  read<T>(work: (client: Client, origin: Origin) => Promise<T>): Promise<T>;
  /**
   * What of the contract the base does not offer to our role, as `table.column`, with a reason where it is there and
   * cannot be used; empty when all is there.
   * @param when a process that starts has five seconds for it, not the time of a read: the first connections of a busy
   *   machine take longer
   * @throws PublicError when the base cannot be asked
   */
  missing(when?: { isStarting: boolean }): Promise<string[]>;
  /**
   * The statements that make the indexes which reads of a person need and the base lacks; empty when all are there.
   * @throws PublicError when the base cannot be asked
   */
  missingIndexes(): Promise<string[]>;
  /** Opens the connections, so that the first readers need not wait for them. Never rejects. */
  warm(): Promise<void>;
  state(): SourceState;
  close(): Promise<void>;
}

export interface PrismaClientLike {
  $disconnect(): Promise<void>;
}

export interface BaseOptions<Client> {
  /** The base's reader role. */
  readonly url: string;
  readonly fonte: Fonte;
  readonly budget: BaseBudget;
  /** Kept open, however idle; default 10. */
  readonly connections?: number;
  readonly contract: BaseContract;
  /** Absent: the columns are looked for, and their types are not. */
  readonly types?: ColumnTypes;
  /** Absent: keys are not looked at. */
  readonly keys?: Keys;
  /** Absent: indexes are not looked at. */
  readonly indexes?: ExpectedIndexes;
  /** The service's own generated client over the adapter. */
  readonly createClient: (adapter: PrismaPg) => Client;
}

const START_MILLIS = 5_000;

export function openBase<Client extends PrismaClientLike>(options: BaseOptions<Client>): Base<Client> {
  const { fonte, budget, connections = 10 } = options;
  const open = ({ acquireMillis, statementMillis }: BaseBudget, size: PoolConfig): Pool => {
    const opened = openPool(
      {
        connectionString: options.url,
        ...size,
        connectionTimeoutMillis: Math.max(acquireMillis, OPENING_MILLIS),
        // Counted here too: a server that hangs does not count for us.
        query_timeout: statementMillis,
        keepAlive: true,
      },
      readingSettings(statementMillis),
    );
    boundAcquire(opened, acquireMillis);
    return opened;
  };
  const pool = open(budget, { max: connections, min: connections });
  const connectionsKept = keepConnections(pool);
  const client = options.createClient(new PrismaPg(pool, { disposeExternalPool: true }));
  const guard = createSourceGuard(fonte);
  let origin: Origin | undefined;

  async function lookAtColumns(asked: Pool): Promise<OfferedColumn[]> {
    const { rows } = await asked.query<OfferedColumn>(OFFERED_COLUMNS, [Object.keys(options.contract)]);
    origin = { isStale: false, table: tableName(rows, fonte) };
    return rows;
  }

  async function check(asked: Pool): Promise<string[]> {
    const { rows: servers } = await asked.query<OfferingServer>(OFFERING_SERVER);
    const { rows: sessions } = await asked.query<OfferedSession>(OFFERED_SESSION, [Object.keys(options.contract)]);
    return [
      ...contractFaults(options, { server: servers[0]!, columns: await lookAtColumns(asked) }),
      ...sessionFaults(sessions[0]!, budget.statementMillis),
    ];
  }

  async function lookAtIndexes(asked: Pool): Promise<string[]> {
    const expected = options.indexes ?? {};
    const { rows } = await asked.query<OfferedIndexes>(OFFERED_INDEXES, [Object.keys(expected)]);
    return missingIndexes(expected, rows);
  }

  async function withTime<T>(work: (patient: Pool) => Promise<T>): Promise<T> {
    const atLeast = (millis: number): number => Math.max(millis, START_MILLIS);
    const { acquireMillis, statementMillis } = budget;
    const patient = open(
      { acquireMillis: atLeast(acquireMillis), statementMillis: atLeast(statementMillis) },
      { max: 1 },
    );
    return work(patient).finally(() => patient.end());
  }

  return {
    read: (work) =>
      guard.run(async () => {
        if (!origin) await lookAtColumns(pool);
        return work(client, origin!);
      }),
    missing: ({ isStarting } = { isStarting: false }) => guard.run(() => (isStarting ? withTime(check) : check(pool))),
    missingIndexes: () => guard.run(() => withTime(lookAtIndexes)),
    warm: () => connectionsKept.open(),
    state: guard.state,
    async close() {
      await client.$disconnect();
      if (!pool.ended) await pool.end(); // a client that never read anything does not know the pool
    },
  };
}

function tableName(columns: readonly OfferedColumn[], fonte: Fonte): TableName {
  const schemas = schemasOf(columns);
  return (table) => {
    // One that is nowhere is asked for all the same: PostgreSQL says that it is not there.
    const [schema = 'public', another] = schemas.get(table) ?? [];
    if (another) throw new PublicError('FONTE_INVALIDA', { fonte, cause: new Error(`${table} is in two schemas`) });
    return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
  };
}
