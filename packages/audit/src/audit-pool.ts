import { openPool, readingSettings, type SessionSettings, writingSettings } from '@pessoa/postgres/connection-pool';
import type { Pool } from 'pg';

interface AuditAccess {
  readonly url: string;
  /** The time for opening a connection, and also the time for each statement. */
  readonly timeoutMillis: number;
}

/** Connections for the role that inserts. @param connections the most that are open at once */
export const openAuditWriters = (audit: AuditAccess, connections: number): Pool =>
  open(audit, connections, writingSettings(audit.timeoutMillis));

/** Connections for the role that selects. @param connections the most that are open at once */
export const openAuditReaders = (audit: AuditAccess, connections: number): Pool =>
  open(audit, connections, readingSettings(audit.timeoutMillis));

function open({ url, timeoutMillis }: AuditAccess, connections: number, settings: SessionSettings): Pool {
  return openPool(
    {
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: timeoutMillis,
      query_timeout: timeoutMillis,
    },
    settings,
  );
}
