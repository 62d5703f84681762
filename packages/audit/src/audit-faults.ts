import type { Pool } from 'pg';

interface Offered {
  readonly isThere: boolean;
  readonly mayInsert: boolean;
  readonly isReadOnly: boolean;
  readonly commits: string;
  readonly encoding: string;
}

// A writer may not even select: the catalogue is open to all.
const OFFERED = `
  SELECT a.oid IS NOT NULL AS "isThere", coalesce(has_table_privilege(a.oid, 'INSERT'), false) AS "mayInsert",
         current_setting('transaction_read_only') = 'on' AS "isReadOnly", current_setting('synchronous_commit') AS "commits",
         current_setting('server_encoding') AS "encoding"
  FROM (SELECT to_regclass('public.acesso') AS oid) a`;

/** What keeps the role of AUDIT_URL from writing reads down for good; empty when nothing does. @param pool of that role */
export async function auditFaults(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<Offered>(OFFERED);
  const { isThere, mayInsert, isReadOnly, commits, encoding } = rows[0]!;
  return [
    !isThere && 'public.acesso (is not there: npm run db:migrate)',
    isThere && !mayInsert && 'public.acesso (our role may not insert)',
    isReadOnly && 'default_transaction_read_only (is on for our role, or the server is a standby)',
    commits === 'off' && 'synchronous_commit (is off: a read could be answered and forgotten)',
    encoding !== 'UTF8' && `a database in UTF8 (it is in ${encoding})`,
  ].filter((fault) => fault !== false);
}
