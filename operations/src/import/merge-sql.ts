import type { ImportKind, Target } from './kinds/import-kind.ts';

/** The columns of the temporary table `importacao`, in the order they are copied. */
export const stagedColumns = ({ columns, computed }: ImportKind): readonly string[] => [
  'ordem',
  'repetida',
  ...columns.map(({ name }) => name),
  ...computed.map(({ name }) => name),
];

/** Holds one batch of lines, for one transaction: behind a pooler of connections the next one may be of another session. */
export function createStaging({ columns, computed }: ImportKind): string {
  const typed = [...columns, ...computed].map(({ name, sqlType }) => `${name} ${sqlType}`);
  return `CREATE TEMPORARY TABLE importacao (ordem integer, repetida boolean, ${typed.join(', ')}) ON COMMIT DROP`;
}

/** Takes away the lines whose CPF the base does not know, and tells which; none when the lines are the people. */
export const removeUnknownPeople = ({ people }: ImportKind): string =>
  `DELETE FROM importacao s WHERE ${people ? `NOT EXISTS (SELECT FROM ${people} p WHERE p.cpf = s.cpf)` : 'false'} RETURNING ordem`;

/**
 * Whom the staged lines are about: their people, and those whose rows they take over. Also lines that change nothing count:
 * when an import is run again because the cache could not be told, these are the lines it is about.
 */
export function peopleOfStaged({ targets }: ImportKind): string {
  const former = targets
    .filter(({ key }) => key !== 'cpf')
    .map(
      ({ table, key }) => `SELECT alvo.cpf FROM ${table} alvo JOIN importacao s USING (${key}) WHERE alvo.cpf <> s.cpf`,
    );
  return ['SELECT cpf FROM importacao', ...former].join(' UNION ');
}

function merge({ table, key, columns, join = '', when = 'true' }: Target): string {
  const names = Object.keys(columns);
  const others = names.filter((name) => name !== key);
  const update = others.map((name) => `${name} = EXCLUDED.${name}`).join(', ');
  const changed = `(${others.map((name) => `alvo.${name}`).join(', ')}) IS DISTINCT FROM (${others.map((name) => `EXCLUDED.${name}`).join(', ')})`;
  const conflict = others.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${update} WHERE ${changed}`;
  // A row that was inserted has never been locked or replaced: its xmax is 0. One that was updated has ours.
  return `INSERT INTO ${table} AS alvo (${names.join(', ')})
          SELECT ${Object.values(columns).join(', ')} FROM importacao s ${join}
           WHERE NOT s.repetida AND ${when}
          ON CONFLICT (${key}) ${conflict}
          RETURNING alvo.${key} AS chave, alvo.xmax = 0 AS nova`;
}

/**
 * One statement that brings the staged lines into their tables and counts how many lines were new and how many changed
 * something; a line is new when its row of the first table is.
 */
export function mergeStaged({ targets }: ImportKind): string {
  const steps = targets.map((target, position) => `alvo${position} AS (${merge(target)})`);
  const touched = targets.map(
    (_, position) => `SELECT chave, ${position === 0 ? 'nova' : 'false AS nova'} FROM alvo${position}`,
  );
  const lines =
    targets.length === 1
      ? 'SELECT nova FROM alvo0'
      : `SELECT bool_or(nova) AS nova FROM (${touched.join(' UNION ALL ')}) t GROUP BY chave`;
  return `WITH ${steps.join(', ')}
          SELECT count(*) FILTER (WHERE nova)::int AS inseridas, count(*) FILTER (WHERE NOT nova)::int AS atualizadas
            FROM (${lines}) linhas`;
}
