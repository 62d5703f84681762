import { Client } from 'pg';

/** Opens one connection, as the role that the URL names, within ten seconds. The caller ends it. */
export async function connectPostgres(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // The client emits an error when the server goes away between two statements. The next statement fails with the same cause.
  client.on('error', () => {});
  await client.connect();
  return client;
}
