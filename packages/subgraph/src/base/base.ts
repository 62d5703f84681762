import type { BaseContract, ColumnTypes, ExpectedIndexes, Keys } from '@pessoa/bases/base-definition';
import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import { openBoundedPool } from '@pessoa/postgres/bounded-acquire';
import { readingSettings } from '@pessoa/postgres/connection-pool';
import { keepConnections } from '@pessoa/postgres/kept-connections';
import { StatementNames } from '@pessoa/postgres/statement-names';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import { PrismaPg } from '@prisma/adapter-pg';
import { escapeIdentifier, type Pool, type QueryResultRow } from 'pg';
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
import { createSourceBreaker } from './source-breaker.ts';

/** Time limits of a read, in milliseconds: waiting for a connection, and the statement. Together they are the service's share of the router's budget. */
export interface BaseBudget {
  readonly acquireMillis: number;
  readonly statementMillis: number;
}

/** The database that a read runs on: the base or its replica. */
export interface Origin {
  /** True for a replica that is more than 10 s behind its publisher. */
  readonly isStale: boolean;
  /**
   * Quoted name of a table of the contract, with its schema. It does not depend on the session's `search_path`.
   * @throws PublicError FONTE_INVALIDA for a table that is in more than one schema
   */
  readonly table: TableName;
  /** Runs one statement without Prisma, which would take more than twice its CPU (docs/decisions/0031). */
  readonly rows: StatementRows;
}

/** @returns the rows of a statement, in the forms of `pg`. `Row` is what the statement selects: nothing checks it. */
export type StatementRows = <Row extends QueryResultRow>(statement: Statement) => Promise<Row[]>;

/** The `Sql` of a Prisma client is one. */
export interface Statement {
  /** With `$1` and so on in place of the values. */
  readonly text: string;
  readonly values: unknown[];
}

export type TableName = (table: string) => string;

/**
 * An external base. Hot reads run through `Origin.rows`, others through the `$queryRaw` of a generated Prisma client: its models know
 * neither `table` nor our forms of values (docs/decisions/0014).
 */
export interface Base<Client> {
  /** @throws PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with the base's `fonte` */
  read<T>(work: (client: Client, origin: Origin) => Promise<T>): Promise<T>;
  /**
   * Compares the base with its contract.
   * @param options `isStarting` gives the check five seconds instead of the time of a read, because the first connections of a
   *   busy machine take longer
   * @returns the faults; empty when the base keeps its contract
   * @throws PublicError when the base cannot be asked
   */
  contractFaults(options?: { isStarting: boolean }): Promise<string[]>;
  /**
   * @returns CREATE INDEX statements for the indexes that reads of a person need and the base lacks
   * @throws PublicError when the base cannot be asked
   */
  missingIndexes(): Promise<string[]>;
  /** Opens the connections before the first reader needs them. Never rejects. */
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
  /** Number of connections, which stay open when idle. Default 10. */
  readonly connections?: number;
  readonly contract: BaseContract;
  /** Absent: types are not checked. */
  readonly types?: ColumnTypes;
  /** Absent: keys are not checked. */
  readonly keys?: Keys;
  /** Absent: indexes are not checked. */
  readonly indexes?: ExpectedIndexes;
  /** Called once, when a connection pooler has lost the name of a statement: from then on statements are planned for each run. */
  readonly onNamesLost?: () => void;
  /** Gets the pool of the reads, to measure it. */
  readonly onPool?: (pool: Pool) => void;
  /** Creates the service's generated client. */
  readonly createClient: (adapter: PrismaPg) => Client;
}

const START_MILLIS = 5_000;

export function openBase<Client extends PrismaClientLike>(options: BaseOptions<Client>): Base<Client> {
  const { fonte, budget, connections = 10 } = options;
  const open = (size: number, { acquireMillis, statementMillis }: BaseBudget): Pool =>
    openBoundedPool(
      { url: options.url, connections: size, acquireMillis, statementMillis },
      readingSettings(statementMillis),
    );
  const pool = open(connections, budget);
  options.onPool?.(pool);
  const connectionsKept = keepConnections(pool);
  const names = new StatementNames(options.onNamesLost);
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: true,
    // Its type demands a name. Without one the adapter runs the statement unnamed.
    statementNameGenerator: ({ sql }) => names.nameOf(sql)!,
  });
  const client = options.createClient(adapter);
  const breaker = createSourceBreaker(fonte);
  const rows: StatementRows = ({ text, values }) => names.rows(pool, text, values);
  let origin: Origin | undefined;

  async function lookAtColumns(reader: Pool): Promise<OfferedColumn[]> {
    const { rows: columns } = await reader.query<OfferedColumn>(OFFERED_COLUMNS, [Object.keys(options.contract)]);
    origin = { isStale: false, table: tableName(columns, fonte), rows };
    return columns;
  }

  async function check(reader: Pool): Promise<string[]> {
    const { rows: servers } = await reader.query<OfferingServer>(OFFERING_SERVER);
    const { rows: sessions } = await reader.query<OfferedSession>(OFFERED_SESSION, [Object.keys(options.contract)]);
    return [
      ...contractFaults(options, { server: servers[0]!, columns: await lookAtColumns(reader) }),
      ...sessionFaults(sessions[0]!, budget.statementMillis),
    ];
  }

  async function lookAtIndexes(reader: Pool): Promise<string[]> {
    const expected = options.indexes ?? {};
    const { rows } = await reader.query<OfferedIndexes>(OFFERED_INDEXES, [Object.keys(expected)]);
    return missingIndexes(expected, rows);
  }

  async function withTime<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    const atLeast = (millis: number): number => Math.max(millis, START_MILLIS);
    const { acquireMillis, statementMillis } = budget;
    const patientPool = open(1, {
      acquireMillis: atLeast(acquireMillis),
      statementMillis: atLeast(statementMillis),
    });
    return work(patientPool).finally(() => patientPool.end());
  }

  return {
    read: (work) =>
      breaker.run(async () => {
        if (!origin) await lookAtColumns(pool);
        return names.run(() => work(client, origin!)); // for `$queryRaw`; `rows` runs again by itself
      }),
    contractFaults: ({ isStarting } = { isStarting: false }) =>
      breaker.run(() => (isStarting ? withTime(check) : check(pool))),
    missingIndexes: () => breaker.run(() => withTime(lookAtIndexes)),
    warm: () => connectionsKept.open(),
    state: breaker.state,
    async close() {
      await client.$disconnect();
      if (!pool.ended) await pool.end(); // a client that has read nothing does not end the pool
    },
  };
}

function tableName(columns: readonly OfferedColumn[], fonte: Fonte): TableName {
  const schemas = schemasOf(columns);
  return (table) => {
    // A missing table gets a name too: PostgreSQL then reports that it does not exist.
    const [schema = 'public', another] = schemas.get(table) ?? [];
    if (another) throw new PublicError('FONTE_INVALIDA', { fonte, cause: new Error(`${table} is in two schemas`) });
    return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
  };
}
