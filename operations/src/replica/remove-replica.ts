import { type Client, escapeIdentifier as id } from 'pg';
import { connectPostgres } from '../postgres/connect-postgres.ts';
import { databaseOf, type Say } from './publication.ts';
import { replicaNames } from './replica-names.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import { serverUrl } from './replicate.ts';
import { dropSlot, followedTables, forgetSubscription } from './subscription.ts';

/**
 * Removes a replica: subscription and copied tables at the replica, slot and role at the publisher, and with the last replica of a
 * base the publication. A copy that no subscription updates must not stay.
 */
export async function removeReplica(base: ReplicatedBase, say: Say): Promise<void> {
  const publisher = await connectPostgres(base.adminUrl);
  const server = await connectPostgres(serverUrl(base.replicaAdminUrl));
  try {
    const names = await replicaNames(base.name, server, databaseOf(base.replicaAdminUrl));
    await removeCopy(base, names, say);
    const hadSlot = await dropSlot(publisher, names);
    say(hadSlot ? `publisher: slot ${names.subscription} removed` : `publisher: no slot ${names.subscription}`);
    await removeRole(publisher, names.subscription, say);
    await removePublication(publisher, names.publication, say);
  } finally {
    await Promise.allSettled([publisher.end(), server.end()]);
  }
}

async function removeCopy(
  { replicaAdminUrl }: ReplicatedBase,
  names: Awaited<ReturnType<typeof replicaNames>>,
  say: Say,
): Promise<void> {
  const replica = await connectPostgres(replicaAdminUrl).catch((error: unknown) => {
    if ((error as { code?: string }).code === '3D000') return undefined; // no such database
    throw error;
  });
  if (!replica) return say('replica: no database');
  try {
    const { rowCount } = await replica.query(
      `SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
       WHERE subname = $1 AND datname = current_database()`,
      [names.publication],
    );
    if (!rowCount) return say(`replica: no subscription ${names.publication}`);
    const followed = [...(await followedTables(replica, names))];
    await forgetSubscription(replica, names);
    for (const table of followed) await replica.query(`DROP TABLE ${table.split('.').map(id).join('.')}`);
    say(`replica: subscription ${names.publication} and ${followed.length} tables removed`);
  } finally {
    await replica.end();
  }
}

async function removeRole(publisher: Client, role: string, say: Say): Promise<void> {
  const { rowCount } = await publisher.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (!rowCount) return;
  // The creator of a role may grant it to itself, and only a member of a role may drop its rights.
  await publisher.query(`GRANT ${id(role)} TO CURRENT_USER; DROP OWNED BY ${id(role)}; DROP ROLE ${id(role)}`);
  say(`publisher: role ${role} removed`);
}

async function removePublication(publisher: Client, publication: string, say: Say): Promise<void> {
  const { rows } = await publisher.query<{ slot: string }>(
    'SELECT slot_name AS "slot" FROM pg_replication_slots WHERE slot_name LIKE $1',
    [`${publication.replaceAll('_', '\\_')}\\_%`],
  );
  if (rows.length > 0) {
    return say(`publisher: publication ${publication} kept for ${rows.map(({ slot }) => slot).join(', ')}`);
  }
  await publisher.query(`DROP PUBLICATION IF EXISTS ${id(publication)}`);
  say(`publisher: publication ${publication} removed`);
}
