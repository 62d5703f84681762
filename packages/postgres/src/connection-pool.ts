import pg from 'pg';
import { SoundClient } from './sound-client.ts';

/** Session settings of PostgreSQL, by name. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * Session settings for connections that only read. They override defaults of the role, the database and the server: they limit the
 * time of a statement, prevent a default isolation level from refusing or delaying it, and plan a prepared statement once
 * (docs/decisions/0029). Values that we read or write do not depend on settings.
 *
 * @param statementMillis 0 is no limit
 */
export const readingSettings = (statementMillis: number): SessionSettings => ({
  ...plainTransactions,
  default_transaction_read_only: 'on',
  plan_cache_mode: 'force_generic_plan',
  statement_timeout: String(statementMillis),
});

/** Session settings for connections that write. @param statementMillis 0 is no limit */
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

// SQLSTATEs of connection poolers that refuse a start-up parameter: 08P01 of PgBouncer; "not supported" or an unknown setting of
// others.
const REFUSED_PARAMETER = new Set(['08P01', '0A000', '42704', '22023']);

const NONE: SessionSettings = {};

/**
 * Opens a pool whose connections start with `settings` as start-up parameters. If a connection pooler refuses them, connections start
 * without. The settings of the role then apply, and the check of the contract examines those.
 */
export function openPool(config: pg.PoolConfig, settings: SessionSettings): pg.Pool {
  let startSettings = settings;
  class ClientWithSettings extends SoundClient {
    /** Overrides node-postgres: the parameters that it sends at the start of a connection. */
    getStartupConf(): Record<string, string> {
      return { ...defaultStartupConf.call(this), ...startSettings };
    }
  }
  const pool = new pg.Pool({ ...config, Client: ClientWithSettings });
  outliveLostConnections(pool);
  const connect = pool.connect.bind(pool) as (callback: Connected) => void;
  const connectOrRetry = (callback: Connected): void => {
    const triedSettings = startSettings;
    connect((error, client, release) => {
      const isRefused = REFUSED_PARAMETER.has((error as { code?: string } | undefined)?.code ?? '');
      if (!isRefused || triedSettings === NONE) return callback(error, client, release);
      startSettings = NONE;
      connect(callback);
    });
  };
  return Object.assign(pool, {
    connect: (callback?: Connected) => (callback ? connectOrRetry(callback) : asPromise(connectOrRetry)),
  });
}

/**
 * Lets a process go on when a connection of a pool ends, idle or in use. The next query on that connection rejects. pg-pool listens to
 * idle connections only: without a listener the loss of one in use ends the process.
 */
export function outliveLostConnections(pool: pg.Pool): void {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
}

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, release: () => void) => void;

const defaultStartupConf = (
  pg.Client.prototype as unknown as { getStartupConf: (this: unknown) => Record<string, string> }
).getStartupConf;

function asPromise(connect: (callback: Connected) => void): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => connect((error, client) => (error ? reject(error) : resolve(client!))));
}
