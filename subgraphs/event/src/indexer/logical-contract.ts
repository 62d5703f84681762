import { ConfigError } from '@pessoa/platform/config/environment';
import type { Pool } from 'pg';

/** The publication that Base C's owner makes for us (docs/bases.md). */
export const PUBLICATION = 'pessoa_movimentacao';

interface Offered {
  readonly logical: boolean;
  readonly replication: boolean;
  readonly publication: boolean;
  readonly filter: boolean;
  readonly identity: boolean;
}

/** @throws ConfigError naming everything that Base C lacks for logical decoding */
export async function checkLogical(replication: Pool): Promise<void> {
  const { rows } = await replication.query<Offered>(OFFERED, [PUBLICATION]);
  const { logical, replication: mayReplicate, publication, filter, identity } = rows[0]!;
  const faults = [
    !logical && 'wal_level is not logical',
    !mayReplicate && 'the role of BASE_C_REPLICATION_URL lacks REPLICATION',
    !publication && `there is no publication ${PUBLICATION} of movimentacao with insert, update, delete and truncate`,
    filter && `the publication ${PUBLICATION} has a filter and leaves rows of movimentacao out`,
    !identity && 'the replica identity of movimentacao has not id and cpf in it',
  ].filter((fault) => fault !== false);
  if (faults.length === 0) return;
  throw new ConfigError(`indexer cannot follow by logical decoding (docs/bases.md):\n  ${faults.join('\n  ')}`);
}

const OURS = `(t.schemaname, t.tablename) = (
        SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = to_regclass('movimentacao')
      )`;

// Before PostgreSQL 15 there is no column `rowfilter`, nor such a filter.
const OFFERED = `
  SELECT current_setting('wal_level') = 'logical' AS "logical",
    (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "replication",
    EXISTS (
      SELECT FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
      WHERE p.pubname = $1 AND ${OURS} AND pubinsert AND pubupdate AND pubdelete AND pubtruncate
    ) AS "publication",
    EXISTS (
      SELECT FROM pg_publication_tables t WHERE t.pubname = $1 AND ${OURS} AND to_jsonb(t) ->> 'rowfilter' IS NOT NULL
    ) AS "filter",
    coalesce((
      SELECT c.relreplident = 'f' OR 2 = (
        SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND a.attname IN ('id', 'cpf')
          AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary END
      )
      FROM pg_class c WHERE c.oid = to_regclass('movimentacao')
    ), false) AS "identity"`;
