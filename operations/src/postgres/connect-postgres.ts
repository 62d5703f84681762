import { Client } from 'pg';

/** A connection of its own, as the role that the URL names; ten seconds to connect. The caller ends it. */
export async function connectPostgres(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // Emitted when the server goes away between two statements; the next statement fails with the same cause.
  client.on('error', () => {});
  await client.connect();
  return client;
}
