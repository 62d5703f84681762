import { LATE_MILLIS } from '@pessoa/audit/late-records';
import { camposOf, RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { pastTermOf } from '@pessoa/audit/retention';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { ClientBase } from 'pg';
import { named } from '../named-statement.ts';

const ERASURES = `
  SELECT l.place, ${RECORD_COLUMNS} FROM public.acesso a JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.id = ANY ($1::uuid[])`;

type ErasureRow = RecordRow & { readonly place: string };

// The newest checkpoint from before an instant, and the time of the one before it: times only grow.
const PUBLISHED_BEFORE = `
  SELECT c.size, before.published_at < $1::timestamptz AS "isInOrder"
  FROM (SELECT size FROM transparency.checkpoint WHERE published_at < $1::timestamptz ORDER BY published_at DESC LIMIT 1) c
  LEFT JOIN LATERAL (
    SELECT published_at FROM transparency.checkpoint b WHERE b.size < c.size ORDER BY b.size DESC LIMIT 1) before ON true`;

/**
 * How far the erasures of some leaves reach: the content of an earlier place may be gone, that of a later one may not. An erasure is
 * a record of the audit, which has a place itself. It reaches what was under a checkpoint when its day began; a minute is granted. So a
 * log reaches nothing that was made before it, until it is as old as the term.
 *
 * @returns a function that gives the end for an erasure: 0 for one that the log does not have, and for one that is not due
 */
export async function erasedPlaces(
  db: ClientBase,
  leaves: readonly { readonly erased_by: string | null }[],
): Promise<(erasure: string | null) => number> {
  const ids = new Set(leaves.flatMap(({ erased_by: erasure }) => erasure ?? []));
  const ends = new Map<string, number>();
  if (ids.size > 0) {
    const { rows } = await db.query<ErasureRow>(named(ERASURES, [[...ids]]));
    for (const row of rows) ends.set(row.id, await endOf(db, row));
  }
  return (erasure) => ends.get(erasure ?? '') ?? 0;
}

async function endOf(db: ClientBase, row: ErasureRow): Promise<number> {
  const pastTerm = pastTermOf({ ...row, campos: camposOf(row), dataHora: readEpoch(row.segundos) });
  if (!pastTerm) return 0;
  const after = new Date(Date.parse(`${pastTerm.before}T00:00:00Z`) + LATE_MILLIS).toISOString();
  const { rows } = await db.query<{ size: string; isInOrder: boolean | null }>(PUBLISHED_BEFORE, [after]);
  const [published] = rows;
  return published && published.isInOrder !== false ? Math.min(Number(row.place), Number(published.size)) : 0;
}
