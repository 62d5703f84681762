import pg from 'pg';

/** Settings of PostgreSQL for a session, by their names. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * What a role, a database or a server may say about how statements run, said by us: for connections that only read.
 * No value that we read or write depends on a setting; these bound the time of a statement and keep a default isolation
 * from refusing or delaying it.
 */
export const readingSettings = (statementMillis: number): SessionSettings => ({
  ...plainTransactions,
  default_transaction_read_only: 'on',
  statement_timeout: String(statementMillis),
});

/** The same for connections that write. */
export const writingSettings = (statementMillis: number): SessionSettings => ({
  ...plainTransactions,
  default_transaction_read_only: 'off',
  synchronous_commit: 'on',
  statement_timeout: String(statementMillis),
});

const plainTransactions: SessionSettings = {
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '10000',
};

// A pooler of connections that takes no start-up parameter of this kind: PgBouncer 08P01, others "not supported", or a
// setting that they do not know.
const REFUSED = new Set(['08P01', '0A000', '42704', '22023']);

const NONE: SessionSettings = {};

/**
 * A pool whose connections begin with `settings`, as parameters of their start. Where a pooler of connections refuses
 * them, they begin without: then the role's own are in force, and the check of the contract looks at those.
 */
export function openPool(config: pg.PoolConfig, settings: SessionSettings): pg.Pool {
  let inForce = settings;
  class SettledClient extends pg.Client {
    /** What node-postgres sends at the start of a connection. */
    getStartupConf(): Record<string, string> {
      return { ...startOf.call(this), ...inForce };
    }
  }
  const pool = new pg.Pool({ ...config, Client: SettledClient });
  pool.on('error', () => {}); // of an idle connection, which is gone then; a use that fails rejects
  const connect = pool.connect.bind(pool) as (callback: Connected) => void;
  const connectSettled = (callback: Connected): void => {
    const asked = inForce;
    connect((error, client, release) => {
      const isRefused = REFUSED.has((error as { code?: string } | undefined)?.code ?? '');
      if (!isRefused || asked === NONE) return callback(error, client, release);
      inForce = NONE;
      connect(callback);
    });
  };
  return Object.assign(pool, {
    connect: (callback?: Connected) => (callback ? connectSettled(callback) : promised(connectSettled)),
  });
}

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, release: () => void) => void;

const startOf = (pg.Client.prototype as unknown as { getStartupConf: (this: unknown) => Record<string, string> })
  .getStartupConf;

function promised(connect: (callback: Connected) => void): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => connect((error, client) => (error ? reject(error) : resolve(client!))));
}
