import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { BaseName } from './replica-settings.ts';

/** What a replica is called on both sides. */
export interface ReplicaNames {
  /** Publication at the publisher, one for all replicas of a base, and subscription in each of them. */
  readonly publication: string;
  /** Slot and role at the publisher: of this replica alone, so that each can be taken away by itself. */
  readonly own: string;
}

export const publicationOf = (name: BaseName): string => `pessoa_${name.replace('-', '_')}`;

/** @param replica connected to the replica's database, or to any of its server when that is not there yet */
export async function replicaNames(name: BaseName, replica: Client, database: string): Promise<ReplicaNames> {
  const hash = createHash('sha256')
    .update(`${await systemIdentifier(replica)}/${database}`)
    .digest('hex');
  return { publication: publicationOf(name), own: `${publicationOf(name)}_${hash.slice(0, 8)}` };
}

/** What a server and its physical copies have in common, and no other has. */
export async function systemIdentifier(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()');
  return rows[0]!.id;
}
