import type { Pool, PoolClient } from 'pg';

/**
 * The ids among which all records of a period are, whatever their ids (docs/decisions/0051-months-of-the-audit.md). As values of a
 * statement they let PostgreSQL read the months of the period alone.
 */
export interface IdRange {
  readonly least: string;
  readonly greatest: string;
}

/** @param until exclusive */
export async function idRangeOf(
  db: Pool | PoolClient,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<IdRange> {
  const { rows } = await db.query<IdRange>(
    'SELECT least, greatest FROM public.acesso_id_range($1::timestamptz, $2::timestamptz)',
    [from.toISOString(), until.toISOString()],
  );
  return rows[0]!;
}

/**
 * A condition on `public.acesso a` for a period that has one end, within a statement. With both, PostgreSQL would think that the ids are few, and
 * read by them.
 *
 * @param instant SQL of the first instant, such as `$2::timestamptz`
 */
export const idsSince = (instant: string): string =>
  `a.id >= (SELECT least FROM public.acesso_id_range(${instant}, NULL))`;

/** The same for what is before an instant. */
export const idsBefore = (instant: string): string =>
  `a.id <= (SELECT greatest FROM public.acesso_id_range(NULL, ${instant}))`;
