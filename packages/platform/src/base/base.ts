import type { Fonte } from '@pessoa/domain/errors';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import type { SourceState } from '../resilience/breaker.ts';
import {
  type BaseContract,
  type ColumnTypes,
  contractFaults,
  OFFERED_COLUMNS,
  type OfferedColumn,
  SERVER_VERSION,
} from './base-contract.ts';
import { keepConnections } from './kept-connections.ts';
import { createSourceGuard } from './source-guard.ts';

export type { BaseContract, ColumnTypes } from './base-contract.ts';

/** The times a statement may take, in milliseconds; together they are the service's share of the router's budget. */
export interface BaseBudget {
  readonly acquireMillis: number;
  readonly statementMillis: number;
}

/** Where a read looks. */
export interface Origin {
  /** True for a copy of the base that may lack what the base has had for a while. */
  readonly isStale: boolean;
}

/** An external base, read through a generated Prisma client. */
export interface Base<Client> {
  /** @throws PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with the base's `fonte` */
  read<T>(work: (client: Client, origin: Origin) => Promise<T>): Promise<T>;
  /**
   * What of the contract the base does not offer to our role, as `table.column`, with a reason where it is there and
   * cannot be used; empty when all is there.
   * @throws PublicError when the base cannot be asked
   */
  missing(): Promise<string[]>;
  /** Opens the connections, so that the first readers need not wait for them. Never rejects. */
  warm(): Promise<void>;
  state(): SourceState;
  close(): Promise<void>;
}

const THE_BASE_ITSELF: Origin = { isStale: false };

export interface PrismaClientLike {
  $queryRawUnsafe<T>(statement: string, ...values: unknown[]): Promise<T>;
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
  /** The service's own generated client over the adapter. */
  readonly createClient: (adapter: PrismaPg) => Client;
}

export function openBase<Client extends PrismaClientLike>(options: BaseOptions<Client>): Base<Client> {
  const { fonte, budget, connections = 10 } = options;
  const pool = new Pool({
    connectionString: options.url,
    max: connections,
    min: connections,
    connectionTimeoutMillis: budget.acquireMillis,
    statement_timeout: budget.statementMillis,
    // Counted here too: a server that hangs does not count for us.
    query_timeout: budget.statementMillis,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  });
  pool.on('error', () => {}); // of an idle connection, which is gone then, and opened again
  const connectionsKept = keepConnections(pool);
  const client = options.createClient(new PrismaPg(pool, { disposeExternalPool: true }));
  const guard = createSourceGuard(fonte);
  const read: Base<Client>['read'] = (work) => guard.run(() => work(client, THE_BASE_ITSELF));
  return {
    read,
    missing: () =>
      read(async (prisma) => {
        const [server] = await prisma.$queryRawUnsafe<{ version: number }[]>(SERVER_VERSION);
        const tables = Object.keys(options.contract);
        const columns = await prisma.$queryRawUnsafe<OfferedColumn[]>(OFFERED_COLUMNS, tables);
        return contractFaults(options, { version: server!.version, columns });
      }),
    warm: () => connectionsKept.open(),
    state: guard.state,
    async close() {
      await client.$disconnect();
      if (!pool.ended) await pool.end(); // a client that never read anything does not know the pool
    },
  };
}
