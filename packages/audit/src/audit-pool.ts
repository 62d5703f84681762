import { openPool, readingSettings, type SessionSettings, writingSettings } from '@pessoa/postgres/connection-pool';
import type { Pool } from 'pg';

interface AuditAccess {
  /** The role's own. */
  readonly url: string;
  /** For a connection, and again for the statement. */
  readonly timeoutMillis: number;
}

/** Connections to the audit that give up in time, of the role that inserts. */
export const openAuditWriters = (audit: AuditAccess, connections: number): Pool =>
  open(audit, connections, writingSettings(audit.timeoutMillis));

/** The same of the role that selects. */
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
