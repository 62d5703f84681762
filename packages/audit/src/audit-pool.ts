import { openBoundedPool } from '@pessoa/postgres/bounded-acquire';
import { readingSettings, type SessionSettings, writingSettings } from '@pessoa/postgres/connection-pool';
import type { Pool } from 'pg';

export interface AuditAccess {
  readonly url: string;
  /** The time that a statement waits for a connection, and also the time that it may take. */
  readonly timeoutMillis: number;
}

/** Connections for the role that inserts. @param connections the most that are open at once */
export const openAuditWriters = (audit: AuditAccess, connections: number): Pool =>
  open(audit, connections, writingSettings(audit.timeoutMillis));

/** Connections for the role that selects. @param connections the most that are open at once */
export const openAuditReaders = (audit: AuditAccess, connections: number): Pool =>
  open(audit, connections, readingSettings(audit.timeoutMillis));

function open({ url, timeoutMillis }: AuditAccess, connections: number, settings: SessionSettings): Pool {
  return openBoundedPool({ url, connections, acquireMillis: timeoutMillis, statementMillis: timeoutMillis }, settings);
}
