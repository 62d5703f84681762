import { camposOf, instantOf, RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { pastTermOf, PUBLISHING_MILLIS } from '@pessoa/audit/retention';
import type { ClientBase } from 'pg';

const ERASURES = `
  SELECT l.place, ${RECORD_COLUMNS} FROM public.acesso a JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.id = ANY ($1::uuid[])`;

type ErasureRow = RecordRow & { readonly place: string };

// Of the time just after the day. Null when the log began later.
const PUBLISHED_BEFORE = `
  SELECT size FROM transparency.checkpoint WHERE published_at < $1::timestamptz ORDER BY published_at DESC LIMIT 1`;

const FIRST_PLACE_FROM = `
  SELECT l.place FROM public.acesso a JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.data_hora >= $1::timestamptz ORDER BY a.data_hora, a.id LIMIT 1`;

/**
 * How far the erasures of some leaves reach: the content of an earlier place may be gone, that of a later one may not. An erasure is
 * a record of the audit, which has a place itself. It reaches what was under a checkpoint of its day; where the log is younger than
 * that day, the places before the first record of the day that is still there.
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
    const { rows } = await db.query<ErasureRow>(ERASURES, [[...ids]]);
    for (const row of rows) ends.set(row.id, await endOf(db, row));
  }
  return (erasure) => ends.get(erasure ?? '') ?? 0;
}

async function endOf(db: ClientBase, row: ErasureRow): Promise<number> {
  const pastTerm = pastTermOf({ ...row, campos: camposOf(row), dataHora: instantOf(row.segundos) });
  if (!pastTerm) return 0;
  const after = new Date(Date.parse(`${pastTerm.before}T00:00:00Z`) + PUBLISHING_MILLIS).toISOString();
  const published = await db.query<{ size: string }>(PUBLISHED_BEFORE, [after]);
  const firstKept = await db.query<{ place: string }>(FIRST_PLACE_FROM, [after]);
  return Math.min(
    Number(row.place),
    Number(published.rows[0]?.size ?? Infinity),
    Number(firstKept.rows[0]?.place ?? Infinity),
  );
}
