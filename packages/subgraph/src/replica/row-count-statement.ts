/** Counts all rows of a table: it shows nobody. @param qualified quoted name with its schema */
export const rowCountStatement = (qualified: string): string => `SELECT count(*) AS "rows" FROM ${qualified}`;

/** Two names, each with quotes or without. */
const QUALIFIED = /^(\w+|"(?:[^"]|"")+")\.(\w+|"(?:[^"]|"")+")$/;
const BEGINNING = rowCountStatement('');

/**
 * Whether a text is the `rowCountStatement` of this relation and nothing more. Of a view over the relation it is not: a view may have conditions.
 *
 * @param relation name with its schema, each quoted or not
 */
export function isRowCountOf(text: string, relation: string): boolean {
  const counted = text.startsWith(BEGINNING) ? namesOf(text.slice(BEGINNING.length)) : undefined;
  const named = namesOf(relation);
  return counted !== undefined && counted.schema === named?.schema && counted.table === named.table;
}

function namesOf(qualified: string): { schema: string; table: string } | undefined {
  const [, schema, table] = QUALIFIED.exec(qualified) ?? [];
  return schema === undefined || table === undefined ? undefined : { schema: nameOf(schema), table: nameOf(table) };
}

/** PostgreSQL takes a name without quotes as one of small letters. */
const nameOf = (written: string): string =>
  written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
