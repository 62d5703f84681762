import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';

/** The servers that `npm run test:servers` needs, by the variable that moves each to another address. */
const standard = {
  TEST_POSTGRES_URL: 'postgresql://postgres@127.0.0.1:5432/postgres',
  TEST_REDIS_URL: 'redis://127.0.0.1:6379',
  TEST_ELASTICSEARCH_URL: 'http://127.0.0.1:9200',
} as const;

const addressOf = (variable: keyof typeof standard): string => process.env[variable] || standard[variable];

/** A superuser of the PostgreSQL that the tests make databases on, and drop them again. */
export const postgresServer = (): string => addressOf('TEST_POSTGRES_URL');

/** A Redis shared with others: tests add keys that expire, and never flush, stop or pause it. */
export const redisServer = (): string => addressOf('TEST_REDIS_URL');

/** An Elasticsearch shared with others: tests make indexes of their own names, and remove them again. */
export const elasticsearchServer = (): string => addressOf('TEST_ELASTICSEARCH_URL');

/** True in a run of `npm run test:servers`: the whole graph then stands on those servers. */
export const onServers = (): boolean => process.env['PESSOA_TEST_SERVERS'] === '1';

/** The engines of one test's own system: its keys in the cache come of its own key, its index has a name of its own. */
export const serverVariables = () => ({
  REDIS_URL: redisServer(),
  ELASTICSEARCH_URL: elasticsearchServer(),
  SEARCH_ALIAS: `pessoa-test-${randomBytes(6).toString('hex')}`,
});

/** Removes every index that came of an alias of `serverVariables`. */
export async function dropIndexes(alias: string): Promise<void> {
  const response = await fetch(new URL(`_cat/indices/${alias}-*?format=json&h=index`, elasticsearchServer()));
  const indexes = (await response.json()) as { index: string }[];
  for (const { index } of indexes) await fetch(new URL(index, elasticsearchServer()), { method: 'DELETE' });
}

/** @throws Error naming every server that does not answer, and how to have it */
export async function requireServers(): Promise<void> {
  const checks = [
    [postgresServer(), 'TEST_POSTGRES_URL', asksPostgres],
    [redisServer(), 'TEST_REDIS_URL', asksRedis],
    [elasticsearchServer(), 'TEST_ELASTICSEARCH_URL', asksElasticsearch],
  ] as const;
  const faults = await Promise.all(
    checks.map(async ([url, variable, ask]) =>
      ask(url).then(
        () => [],
        (error: unknown) => [`  ${variable} (${new URL(url).host}): ${error instanceof Error ? error.message : error}`],
      ),
    ),
  );
  if (faults.flat().length > 0) {
    throw new Error(`npm run test:servers needs three servers; not answering:\n${faults.flat().join('\n')}`);
  }
}

async function asksPostgres(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000 });
  await client.connect();
  await client.end();
}

async function asksRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 6_379), hostname).setTimeout(3_000);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => socket.write('PING\r\n'));
      socket.once('data', () => resolve()); // also -NOAUTH: a Redis is there
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error('no answer in 3 s')));
    });
  } finally {
    socket.destroy();
  }
}

/** By its health: the test distribution has no `GET /`. */
async function asksElasticsearch(url: string): Promise<void> {
  const response = await fetch(new URL('_cluster/health', url), { signal: AbortSignal.timeout(3_000) });
  const { status } = (await response.json()) as { status?: string };
  if (status !== 'green' && status !== 'yellow') throw new Error(`its health is ${status}`);
}
