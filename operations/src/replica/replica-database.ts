import { type Client, escapeIdentifier as id, escapeLiteral as literal } from 'pg';
import { connectPostgres } from '../postgres/connect-postgres.ts';
import { databaseOf, type Say } from './publication.ts';
import { ReplicaError } from './replica-error.ts';

/** How a database stores and sorts text. */
interface Sorting {
  readonly encoding: string;
  /** c libc, i ICU, b PostgreSQL's own. */
  readonly provider: string;
  readonly collate: string;
  readonly ctype: string;
  /** The locale of ICU or of PostgreSQL's own provider; null with libc. */
  readonly locale: string | null;
  /** The version of the library that sorts; null if the order never changes. */
  readonly version: string | null;
}

/**
 * Connects to the replica's database, and creates it if it does not exist. It must sort text as the publisher does: a page from
 * the one may continue in the other.
 *
 * @throws ReplicaError when an existing database sorts text in another way
 */
export async function openReplicaDatabase(publisher: Client, replicaAdminUrl: string, say: Say): Promise<Client> {
  const database = databaseOf(replicaAdminUrl);
  const wanted = await sortingOf(publisher);
  const existing = await connectPostgres(replicaAdminUrl).catch((error: unknown) => {
    if ((error as { code?: string }).code === '3D000') return undefined; // no such database
    throw error;
  });
  if (!existing) {
    await createDatabase(replicaAdminUrl, database, wanted);
    say(`replica: database ${database} made`);
    return connectPostgres(replicaAdminUrl);
  }
  const existingSorting = await sortingOf(existing);
  if (sortingText(existingSorting) !== sortingText(wanted)) {
    await existing.end();
    throw new ReplicaError(
      `the replica's database sorts text by ${sortingText(existingSorting)}, the publisher by ${sortingText(wanted)}: name a database that does not exist yet, and the command creates it like the publisher's`,
    );
  }
  say(`replica: database ${database} was there`);
  if (existingSorting.version !== wanted.version) {
    say(
      `replica: its library sorts by version ${existingSorting.version}, the publisher's by ${wanted.version}: the order of ids may differ in a few places`,
    );
  }
  return existing;
}

async function sortingOf(client: Client): Promise<Sorting> {
  // PostgreSQL 17 renamed the column of the locale.
  const { rows } = await client.query<Sorting>(
    `SELECT pg_encoding_to_char(encoding) AS "encoding", datlocprovider AS "provider", datcollate AS "collate",
            datctype AS "ctype", coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS "locale",
            pg_database_collation_actual_version(oid) AS "version"
     FROM pg_database d WHERE datname = current_database()`,
  );
  return rows[0]!;
}

/** What decides the order of two ids. Some systems spell en_US.utf8 as en_US.UTF-8. */
function sortingText({ encoding, provider, collate, locale }: Sorting): string {
  const name = provider === 'c' ? collate : (locale ?? collate);
  const spelled = name.replace(/utf-?8$/i, 'utf8');
  return `${{ c: 'libc', i: 'ICU', b: 'PostgreSQL' }[provider] ?? provider} ${spelled} in ${encoding}`;
}

async function createDatabase(adminUrl: string, database: string, sorting: Sorting): Promise<void> {
  const { encoding, provider, collate, ctype, locale } = sorting;
  const url = new URL(adminUrl);
  url.pathname = '/postgres';
  const server = await connectPostgres(url.href);
  const ofProvider = {
    c: 'LOCALE_PROVIDER libc',
    i: `LOCALE_PROVIDER icu ICU_LOCALE ${literal(locale ?? '')}`,
    b: `LOCALE_PROVIDER builtin BUILTIN_LOCALE ${literal(locale ?? '')}`,
  }[provider];
  try {
    await server.query(
      `CREATE DATABASE ${id(database)} TEMPLATE template0 ENCODING ${literal(encoding)} ${ofProvider}
       LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(ctype)}`,
    );
    await server.query(`REVOKE ALL ON DATABASE ${id(database)} FROM PUBLIC`);
  } finally {
    await server.end();
  }
}
