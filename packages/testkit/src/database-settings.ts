import pg from 'pg';
import { alterStatements } from './hostile-settings.ts';
import { clusterInfo } from './test-bases.ts';

/** Sets defaults for new sessions of the URL's role in the URL's database. */
export async function setInDatabase(url: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const { pathname, username } = new URL(url);
  const [role, database] = [username, pathname.slice(1)].map((name) => pg.escapeIdentifier(decodeURIComponent(name)));
  const admin = new pg.Client({ connectionString: clusterInfo().superuserUrl });
  await admin.connect();
  for (const statement of alterStatements(`ROLE ${role} IN DATABASE ${database}`, settings))
    await admin.query(statement);
  await admin.end();
}
