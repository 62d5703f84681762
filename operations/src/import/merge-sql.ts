import type { ImportKind, Target } from './kinds/import-kind.ts';

/** The columns of the temporary table `staged`, in the order in which COPY writes them. */
export const stagedColumns = ({ columns, computed }: ImportKind): readonly string[] => [
  'ordinal',
  'is_repeated',
  ...columns.map(({ name }) => name),
  ...computed.map(({ name }) => name),
];

/** A table for one batch. It lives for one transaction: behind a connection pooler the next one may run in another session. */
export function createStaging({ columns, computed }: ImportKind): string {
  const typed = [...columns, ...computed].map(({ name, sqlType }) => `${name} ${sqlType}`);
  return `CREATE TEMPORARY TABLE staged (ordinal integer, is_repeated boolean, ${typed.join(', ')}) ON COMMIT DROP`;
}

/** Deletes the lines whose CPF the base does not know, and returns their ordinals; deletes nothing if the lines are the people. */
export const removeUnknownPeople = ({ peopleTable }: ImportKind): string =>
  `DELETE FROM staged s WHERE ${peopleTable ? `NOT EXISTS (SELECT FROM ${peopleTable} p WHERE p.cpf = s.cpf)` : 'false'} RETURNING ordinal`;

/**
 * Selects the people of the staged lines, and the people whose rows the lines take over. Lines that change nothing count too:
 * after a failure of the cache the operator runs the import again, and only then their people leave the cache.
 */
export function peopleOfStaged({ targets }: ImportKind): string {
  const formerPeople = targets
    .filter(({ key }) => key !== 'cpf')
    .map(
      ({ table, key }) =>
        `SELECT target.cpf FROM ${table} target JOIN staged s USING (${key}) WHERE target.cpf <> s.cpf`,
    );
  return ['SELECT cpf FROM staged', ...formerPeople].join(' UNION ');
}

function merge({ table, key, columns, join = '', condition = 'true' }: Target): string {
  const names = Object.keys(columns);
  const values = names.filter((name) => name !== key);
  const update = values.map((name) => `${name} = EXCLUDED.${name}`).join(', ');
  const changed = `(${values.map((name) => `target.${name}`).join(', ')}) IS DISTINCT FROM (${values.map((name) => `EXCLUDED.${name}`).join(', ')})`;
  const conflict = values.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${update} WHERE ${changed}`;
  // The xmax of an inserted row is 0: no transaction has locked or replaced it. An updated row has the xmax of ours.
  return `INSERT INTO ${table} AS target (${names.join(', ')})
          SELECT ${Object.values(columns).join(', ')} FROM staged s ${join}
           WHERE NOT s.is_repeated AND ${condition}
          ON CONFLICT (${key}) ${conflict}
          RETURNING target.${key} AS merged_key, target.xmax = 0 AS is_new`;
}

/**
 * One statement that merges the staged lines into their tables and counts the new and the changed lines. A line is new if its
 * row of the first table is new.
 */
export function mergeStaged({ targets }: ImportKind): string {
  const steps = targets.map((target, position) => `merge${position} AS (${merge(target)})`);
  const touched = targets.map(
    (_, position) => `SELECT merged_key, ${position === 0 ? 'is_new' : 'false AS is_new'} FROM merge${position}`,
  );
  const lines =
    targets.length === 1
      ? 'SELECT is_new FROM merge0'
      : `SELECT bool_or(is_new) AS is_new FROM (${touched.join(' UNION ALL ')}) t GROUP BY merged_key`;
  return `WITH ${steps.join(', ')}
          SELECT count(*) FILTER (WHERE is_new)::int AS inserted, count(*) FILTER (WHERE NOT is_new)::int AS updated
            FROM (${lines}) lines`;
}
