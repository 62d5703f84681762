import { openBoundedPool } from '@pessoa/postgres/bounded-acquire';
import { readingSettings } from '@pessoa/postgres/connection-pool';
import type { Pool } from 'pg';
import type { AuditPages } from './audit-pages.ts';
import { affectedPeople } from './postgres-affected-people.ts';
import { recordPages } from './postgres-record-pages.ts';

const ACQUIRE_MILLIS = 10_000;
/** Ten minutes: the people of an incident are grouped by one statement, and a rare purpose is searched for in a whole period. */
const STATEMENT_MILLIS = 600_000;

const MAY_READ_PLACES = `
  SELECT EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'transparency' AND c.relname = 'leaf' AND has_schema_privilege(n.oid, 'USAGE')
      AND has_column_privilege(c.oid, 'place', 'SELECT') AND has_column_privilege(c.oid, 'acesso_id', 'SELECT')) AS may`;

/** @param url of a role that may select from `acesso` */
export function openAuditPages(url: string): AuditPages {
  const options = { url, connections: 1, acquireMillis: ACQUIRE_MILLIS, statementMillis: STATEMENT_MILLIS };
  // A plan that does not know how much of the audit a client or a period is would sort all that match, for each page.
  const settings = { ...readingSettings(STATEMENT_MILLIS), plan_cache_mode: 'force_custom_plan' };
  return postgresAuditPages(openBoundedPool(options, settings));
}

const postgresAuditPages = (pool: Pool): AuditPages => ({
  async mayReadPlaces() {
    const { rows } = await pool.query<{ may: boolean }>(MAY_READ_PLACES);
    return rows[0]!.may;
  },
  records: (filter, withPlaces) => recordPages(pool, filter, withPlaces),
  people: (filter) => affectedPeople(pool, filter),
  close: () => pool.end(),
});
