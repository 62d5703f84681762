import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { BaseName } from './replica-settings.ts';

/** The names of a replica's objects on both servers. */
export interface ReplicaNames {
  /** The publication, one for all replicas of a base, and the subscription in each replica. */
  readonly publication: string;
  /** The slot and the role at the publisher. Each replica has its own, so that it can be removed alone. */
  readonly subscription: string;
}

export const publicationOf = (name: BaseName): string => `pessoa_${name.replace('-', '_')}`;

/** @param replica a connection to any database of the replica's server */
export async function replicaNames(name: BaseName, replica: Client, database: string): Promise<ReplicaNames> {
  const hash = createHash('sha256')
    .update(`${await systemIdentifier(replica)}/${database}`)
    .digest('hex');
  return { publication: publicationOf(name), subscription: `${publicationOf(name)}_${hash.slice(0, 8)}` };
}

/** The identifier of a server, which its physical copies share. */
export async function systemIdentifier(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()');
  return rows[0]!.id;
}
