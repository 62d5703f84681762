import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';

/** Servers that `npm run test:servers` needs. Each variable sets another address. */
const defaultUrls = {
  TEST_POSTGRES_URL: 'postgresql://postgres@127.0.0.1:5432/postgres',
  TEST_REDIS_URL: 'redis://127.0.0.1:6379',
  TEST_ELASTICSEARCH_URL: 'http://127.0.0.1:9200',
} as const;

const addressOf = (variable: keyof typeof defaultUrls): string => process.env[variable] || defaultUrls[variable];

/** URL of a superuser. Tests create databases on this PostgreSQL and drop them. */
export const postgresServer = (): string => addressOf('TEST_POSTGRES_URL');

/** URL of a shared Redis. Tests add keys that expire, and never flush, stop or pause it. */
export const redisServer = (): string => addressOf('TEST_REDIS_URL');

/** URL of a shared Elasticsearch. Tests create indexes under their own names and remove them. */
export const elasticsearchServer = (): string => addressOf('TEST_ELASTICSEARCH_URL');

/** True in a run of `npm run test:servers`: the whole graph then uses these servers. */
export const runsOnServers = (): boolean => process.env['PESSOA_TEST_SERVERS'] === '1';

/** Variables of one test's own system. Its index has its own alias; its cache keys differ by its own CPF_HASH_KEY. */
export const serverVariables = () => ({
  REDIS_URL: redisServer(),
  ELASTICSEARCH_URL: elasticsearchServer(),
  SEARCH_ALIAS: `pessoa-test-${randomBytes(6).toString('hex')}`,
});

/** Removes every index of an alias of `serverVariables`. */
export async function dropIndexes(alias: string): Promise<void> {
  const response = await fetch(new URL(`_cat/indices/${alias}-*?format=json&h=index`, elasticsearchServer()));
  const indexes = (await response.json()) as { index: string }[];
  for (const { index } of indexes) await fetch(new URL(index, elasticsearchServer()), { method: 'DELETE' });
}

/** @throws Error with the variable and host of every server that does not answer */
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
      socket.once('data', () => resolve()); // any answer will do, also -NOAUTH
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error('no answer in 3 s')));
    });
  } finally {
    socket.destroy();
  }
}

/** Asks for the health, because the test distribution has no `GET /`. */
async function asksElasticsearch(url: string): Promise<void> {
  const response = await fetch(new URL('_cluster/health', url), { signal: AbortSignal.timeout(3_000) });
  const { status } = (await response.json()) as { status?: string };
  if (status !== 'green' && status !== 'yellow') throw new Error(`its health is ${status}`);
}
