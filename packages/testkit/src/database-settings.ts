import pg from 'pg';
import { alterations } from './hostile-settings.ts';
import { clusterInfo } from './test-bases.ts';

/** Sets what every session of a test's own database begins with. */
export async function setInDatabase(url: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  const admin = new pg.Client({ connectionString: clusterInfo().superuserUrl });
  await admin.connect();
  for (const statement of alterations(`DATABASE ${pg.escapeIdentifier(database)}`, settings))
    await admin.query(statement);
  await admin.end();
}
