import type { Fonte } from '@pessoa/domain/errors';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SourceState } from '../resilience/breaker.ts';
import { createSourceGuard } from './source-guard.ts';

/** The times a statement may take, in milliseconds; together they are the service's share of the router's budget. */
export interface BaseBudget {
  readonly acquireMillis: number;
  readonly statementMillis: number;
}

/** An external base, read through a generated Prisma client. */
export interface Base<Client> {
  /** @throws PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with the base's `fonte` */
  read<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /**
   * What of the contract the base does not offer to our role, as `table.column`; empty when all is there.
   * @throws PublicError when the base cannot be asked
   */
  missing(): Promise<string[]>;
  /** Opens the connections that are kept, so that the first readers need not wait for them. Never rejects. */
  warm(): Promise<void>;
  state(): SourceState;
  close(): Promise<void>;
}

/** Connections kept open however idle: one request reads at most this many tables side by side. */
const KEPT_CONNECTIONS = 4;

/** The tables or views a service reads and the columns it reads of each (docs/bases.md). */
export type BaseContract = Readonly<Record<string, readonly string[]>>;

interface PrismaClientLike {
  $queryRawUnsafe<T>(statement: string, ...values: unknown[]): Promise<T>;
  $disconnect(): Promise<void>;
}

/**
 * @param options.url the base's reader role
 * @param options.connections size of the pool; default 10
 * @param options.createClient the service's own generated client over the adapter
 */
export function openBase<Client extends PrismaClientLike>(options: {
  url: string;
  fonte: Fonte;
  budget: BaseBudget;
  connections?: number;
  contract: BaseContract;
  createClient: (adapter: PrismaPg) => Client;
}): Base<Client> {
  const { fonte, budget, connections = 10 } = options;
  const kept = Math.min(KEPT_CONNECTIONS, connections);
  const adapter = new PrismaPg(
    {
      connectionString: options.url,
      max: connections,
      min: kept,
      connectionTimeoutMillis: budget.acquireMillis,
      statement_timeout: budget.statementMillis,
      // Counted here too: a server that hangs does not count for us.
      query_timeout: budget.statementMillis,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
    },
    { onPoolError: () => {} }, // an idle connection that breaks is replaced at the next read
  );
  const client = options.createClient(adapter);
  const guard = createSourceGuard(fonte);
  const read: Base<Client>['read'] = (work) => guard.run(() => work(client));
  return {
    read,
    async missing() {
      const rows = await read((prisma) =>
        prisma.$queryRawUnsafe<{ column: string }[]>(OFFERED, Object.keys(options.contract)),
      );
      const offered = new Set(rows.map(({ column }) => column));
      const wanted = Object.entries(options.contract).flatMap(([table, columns]) =>
        columns.map((column) => `${table}.${column}`),
      );
      return wanted.filter((column) => !offered.has(column));
    },
    async warm() {
      // Side by side, so that each takes a connection of its own; not through the guard, which counts answers to readers.
      await Promise.allSettled(Array.from({ length: kept }, () => client.$queryRawUnsafe('SELECT 1')));
    },
    state: guard.state,
    close: () => client.$disconnect(),
  };
}

/** The columns of some tables or views that the asking role may select. */
const OFFERED = `
  SELECT c.relname || '.' || a.attname AS "column"
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relname = ANY ($1) AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
    AND has_column_privilege(c.oid, a.attnum, 'SELECT')`;
