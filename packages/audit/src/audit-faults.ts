import type { Pool } from 'pg';

interface WriterState {
  readonly exists: boolean;
  readonly isCurrent: boolean;
  readonly mayInsert: boolean;
  readonly isReadOnly: boolean;
  readonly synchronousCommit: string;
  readonly encoding: string;
}

// The role may not select from `acesso`, but every role may read the catalogue.
const WRITER_STATE = `
  SELECT a.oid IS NOT NULL AS "exists",
         EXISTS (SELECT FROM pg_attribute WHERE attrelid = a.oid AND attname = 'sigilo_ate') AS "isCurrent",
         coalesce(has_table_privilege(a.oid, 'INSERT'), false) AS "mayInsert",
         current_setting('transaction_read_only') = 'on' AS "isReadOnly",
         current_setting('synchronous_commit') AS "synchronousCommit", current_setting('server_encoding') AS "encoding"
  FROM (SELECT to_regclass('public.acesso') AS oid) a`;

/**
 * The reasons why the role of AUDIT_URL cannot store rows durably; empty when it can.
 *
 * @param pool of that role
 */
export async function auditFaults(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<WriterState>(WRITER_STATE);
  const { exists: isThere, isCurrent, mayInsert, isReadOnly, synchronousCommit: commits, encoding } = rows[0]!;
  return [
    !isThere && 'public.acesso (does not exist: run npm run db:migrate)',
    isThere && !isCurrent && 'public.acesso.sigilo_ate (does not exist: run npm run db:migrate)',
    isThere && !mayInsert && 'public.acesso (our role may not insert)',
    isReadOnly && 'default_transaction_read_only (is on for our role, or the server is a standby)',
    commits === 'off' && 'synchronous_commit (is off: a crash could lose the row of an answered read)',
    encoding !== 'UTF8' && `a database in UTF8 (it is in ${encoding})`,
  ].filter((fault) => fault !== false);
}
