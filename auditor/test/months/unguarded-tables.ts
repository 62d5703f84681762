import type pg from 'pg';

/** The triggers that the audit and each of its partitions must have, also for a session that replays what it was sent. */
const GUARDS = ['acesso_append_only', 'acesso_awaits_place', 'acesso_stays'];

/** @returns a line for each guard that a table of the audit lacks */
export async function guardsOf(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{ missing: string }>(
    `SELECT c.oid::regclass || ' ' || g.name AS missing
     FROM pg_class c CROSS JOIN unnest($1::text[]) AS g (name)
     WHERE (c.oid = 'public.acesso'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'public.acesso'::regclass))
       AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = g.name AND t.tgenabled = 'A')`,
    [GUARDS],
  );
  return rows.map(({ missing }) => missing);
}
