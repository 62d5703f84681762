import pg from 'pg';

export interface AuditPoolOptions {
  /** The role's own. */
  readonly url: string;
  /** For a connection, and again for the statement. */
  readonly timeoutMillis: number;
  readonly connections: number;
}

/** Connections to the audit that give up in time. */
export function auditPool({ url, timeoutMillis, connections }: AuditPoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMillis,
    query_timeout: timeoutMillis,
    statement_timeout: timeoutMillis,
  });
  pool.on('error', () => {}); // an idle connection that breaks is replaced; a use that fails rejects
  return pool;
}
