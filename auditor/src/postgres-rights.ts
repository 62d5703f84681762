import { poolerFaults } from '@pessoa/postgres/pooler';
import { ConfigError } from '@pessoa/service/config/environment';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Pool } from 'pg';

/** What the role of the auditor must be able to do, by table. */
export const requiredRights: Readonly<Record<string, readonly string[]>> = {
  'public.acesso': ['SELECT'],
  'transparency.pending': ['SELECT', 'DELETE'],
  'transparency.leaf': ['SELECT', 'INSERT'],
  'transparency.tile': ['SELECT', 'INSERT', 'UPDATE'],
  'transparency.tree': ['SELECT', 'UPDATE'],
  'transparency.checkpoint': ['SELECT', 'INSERT'],
  'transparency.person': ['SELECT', 'INSERT'],
  'transparency.person_proof': ['SELECT', 'INSERT'],
  'transparency.map_node': ['SELECT', 'INSERT', 'DELETE'],
  'transparency.stale_map_node': ['SELECT', 'INSERT', 'DELETE'],
  'transparency.seal_decision': ['SELECT'],
};

interface Right {
  readonly table: string;
  readonly privilege: string;
  readonly exists: boolean;
  readonly isGranted: boolean;
}

// Not `to_regclass`, which fails for a schema that the role may not use.
const RIGHTS = `
  SELECT r.table, r.privilege, c.oid IS NOT NULL AS "exists",
         coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, r.privilege), false) AS "isGranted"
  FROM unnest($1::text[], $2::text[]) AS r ("table", privilege)
  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = split_part(r.table, '.', 1)
  LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = split_part(r.table, '.', 2)`;

/**
 * Checks at the start that the role of AUDIT_AUDITOR_URL can keep the log. A database that does not answer yet only causes a warning,
 * because it may answer later.
 *
 * @throws ConfigError with every reason
 */
export async function checkRights(db: Pool, logger: Logger): Promise<void> {
  const faults = await rightFaults(db).catch((err: unknown) => {
    logger.warn({ err }, 'the audit does not answer yet');
    return [];
  });
  if (faults.length === 0) return;
  throw new ConfigError(`auditor cannot start: it cannot keep the log of the audit (docs/bases.md):\n${faults.map((fault) => `  ${fault}`).join('\n')}`); // prettier-ignore
}

async function rightFaults(db: Pool): Promise<string[]> {
  const pairs = Object.entries(requiredRights).flatMap(([table, privileges]) =>
    privileges.map((privilege) => [table, privilege] as const),
  );
  const { rows } = await db.query<Right>(RIGHTS, [
    pairs.map(([table]) => table),
    pairs.map(([, privilege]) => privilege),
  ]);
  const missing = [...new Set(rows.filter(({ exists }) => !exists).map(({ table }) => table))];
  return [
    ...(await poolerFaults(db, 'AUDIT_AUDITOR_URL')),
    ...missing.map((table) => `${table} (does not exist: run npm run db:migrate)`),
    ...rows
      .filter(({ exists, isGranted }) => exists && !isGranted)
      .map(({ table, privilege }) => `${table} (our role may not ${privilege.toLowerCase()})`),
  ];
}
