import pg from 'pg';

/** True in a run of `npm run test:hostile`: the sessions of the bases have `hostileSettings`. */
export const isHostile = (): boolean => process.env['PESSOA_TEST_HOSTILE'] === '1';

/** Session defaults that an owner, a role or a pooler may set, as different as possible from ours. */
export const hostileSettings: Readonly<Record<string, string>> = {
  TimeZone: 'America/Sao_Paulo',
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  search_path: 'outra',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'on',
  default_transaction_deferrable: 'on',
  statement_timeout: '250ms',
  lock_timeout: '5ms',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  quote_all_identifiers: 'on',
  transform_null_equals: 'on',
};

/** Options of CREATE DATABASE: text sorts by the rules of Portuguese. */
export const HOSTILE_DATABASE = `TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'pt-BR'`;

/** Sets the hostile settings for a role, in every database. */
export async function setHostile(admin: pg.Client, role: string): Promise<void> {
  for (const statement of alterStatements(`ROLE ${pg.escapeIdentifier(role)}`, hostileSettings))
    await admin.query(statement);
}

const LISTS = new Set(['DateStyle', 'search_path']);

/** @param of `ROLE x` or `ROLE x IN DATABASE y`. @returns one ALTER statement for each setting */
export const alterStatements = (of: string, settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).map(
    ([name, value]) => `ALTER ${of} SET ${name} = ${LISTS.has(name) ? value : pg.escapeLiteral(value)}`,
  );

/** Adds empty tables of the same names in a schema that comes first on the roles' search path. */
export async function addNamesakes(owner: pg.Client): Promise<void> {
  await owner.query('CREATE SCHEMA outra');
  const { rows } = await owner.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
  );
  for (const { tablename } of rows) {
    const name = pg.escapeIdentifier(tablename);
    await owner.query(`CREATE TABLE outra.${name} (LIKE public.${name})`);
  }
}
