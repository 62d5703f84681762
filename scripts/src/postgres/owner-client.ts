import { Client } from 'pg';

/** A connection as the owner of a base. */
export async function connectOwner(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // Emitted when the server goes away between two statements; the next statement fails with the same cause.
  client.on('error', () => {});
  await client.connect();
  return client;
}
