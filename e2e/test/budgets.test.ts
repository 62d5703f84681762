import { randomBytes } from 'node:crypto';
import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { serviceNames } from '@pessoa/domain/services';
import { readConfig as readEventConfig, readMillisOf } from '@pessoa/event/config';
import { readConfig as readRouterConfig } from '@pessoa/router/config';
import { readConfig as readScoreConfig } from '@pessoa/score/config';
import { tableRowsOf } from '../src/documents.ts';

/** The settings without a default; every timeout has its default. */
const env = {
  JWT_JWKS_URL: 'file:///jwks.json',
  JWT_ISSUER: 'issuer',
  JWT_AUDIENCE: 'audience',
  CPF_HASH_KEY: randomBytes(32).toString('base64url'),
  INTERNAL_KEY: randomBytes(32).toString('base64url'),
  AUDIT_URL: 'postgresql://writer@127.0.0.1/auditoria',
  AUDIT_READER_URL: 'postgresql://reader@127.0.0.1/auditoria',
  BASE_A_URL: 'postgresql://reader@127.0.0.1/a',
  BASE_B_URL: 'postgresql://reader@127.0.0.1/b',
  BASE_C_URL: 'postgresql://reader@127.0.0.1/c',
  ELASTICSEARCH_URL: 'http://127.0.0.1:9200',
};

/** Milliseconds that each service may spend on a request. */
const BUDGETS = { debt: 1_500, score: 800, event: 700 };

const router = readRouterConfig(env);
const services = { debt: readDebtConfig(env), score: readScoreConfig(env), event: readEventConfig(env) };

/** Milliseconds for a lookup in Redis. */
function cacheMillisOf(name: keyof typeof services): number {
  if (name === 'debt') return 0; // it has no cache
  const read = { score: readScoreConfig, event: readEventConfig }[name];
  const { cache } = read({ ...env, REDIS_URL: 'redis://127.0.0.1:6379' });
  return cache.kind === 'redis' ? cache.millis : Infinity;
}

describe.each(serviceNames)('The time budget of %s', (name) => {
  const { acquireMillis, statementMillis } = services[name].base.budget;

  it('is enough for the cache, a connection and a statement', () => {
    expect(cacheMillisOf(name) + acquireMillis + statementMillis).toBeLessThan(BUDGETS[name]);
  });

  it('is less than the router’s timeout for it, which is less than that of a request', () => {
    expect(router.subgraphs[name].timeoutMillis).toBeGreaterThan(BUDGETS[name]);
    expect(router.subgraphs[name].timeoutMillis).toBeLessThan(router.requestTimeoutMillis);
  });
});

it('Event has time to read its base after an index and a Redis that do not answer', () => {
  const { acquireMillis, statementMillis } = services.event.base.budget;
  const ofBase = acquireMillis + statementMillis;
  const { ELASTICSEARCH_URL: _, ...without } = env;
  const REDIS_URL = 'redis://127.0.0.1:6379';
  const times = [without, { ...without, REDIS_URL }, env, { ...env, REDIS_URL }].map((variables) =>
    readMillisOf(readEventConfig(variables)),
  );
  const [cacheMillis, { searchMillis }] = [cacheMillisOf('event'), services.event.search!];
  expect(times).toEqual([ofBase, cacheMillis + ofBase, searchMillis + ofBase, cacheMillis + searchMillis + ofBase]);
  expect(Math.max(...times)).toBeLessThan(BUDGETS.event);
});

it('docs/operations.md has the timeout of a lookup in Redis', () => {
  const row = tableRowsOf('docs/operations.md').find(([part]) => part === 'a lookup in Redis');
  expect(row?.slice(1)).toEqual(serviceNames.map(cacheMillisOf).map(String));
});

it('The router answers within three seconds', () => {
  expect(router.requestTimeoutMillis).toBe(3_000);
});

it('Event has time for the proofs of a list that was as late as it may be', () => {
  const slowest = readMillisOf(readEventConfig({ ...env, REDIS_URL: 'redis://127.0.0.1:6379' }));
  const { timeoutMillis } = services.event.auditor;
  expect(slowest + timeoutMillis).toBeLessThan(router.subgraphs.event.timeoutMillis);
  expect(tableRowsOf('docs/operations.md').find(([part]) => part === 'proofs, after their lists')).toContain(String(timeoutMillis)); // prettier-ignore
});

it('Event waits no longer for the audit than for its base', () => {
  const { base, auditReader } = services.event;
  expect(2 * auditReader.timeoutMillis).toBeLessThanOrEqual(base.budget.acquireMillis + base.budget.statementMillis);
});

it('The timeouts of a lost source and of the audit together are within that of a request', () => {
  const slowest = Math.max(...Object.values(router.subgraphs).map(({ timeoutMillis }) => timeoutMillis));
  expect(slowest + router.audit.timeoutMillis).toBeLessThan(router.requestTimeoutMillis);
});
