import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { readConfig as readEventConfig } from '@pessoa/event/config';
import { readConfig as readRouterConfig } from '@pessoa/router/config';
import { readConfig as readScoreConfig } from '@pessoa/score/config';

/** What has no default; every time is left to its own. */
const env = {
  JWT_JWKS_URL: 'file:///jwks.json',
  JWT_ISSUER: 'issuer',
  JWT_AUDIENCE: 'audience',
  CPF_HASH_KEY: 'A'.repeat(43),
  INTERNAL_KEY: 'B'.repeat(43),
  AUDIT_URL: 'postgresql://writer@127.0.0.1/auditoria',
  AUDIT_READER_URL: 'postgresql://reader@127.0.0.1/auditoria',
  BASE_A_URL: 'postgresql://reader@127.0.0.1/a',
  BASE_B_URL: 'postgresql://reader@127.0.0.1/b',
  BASE_C_URL: 'postgresql://reader@127.0.0.1/c',
  ELASTICSEARCH_URL: 'http://127.0.0.1:9200',
};

/** Milliseconds each service may take of a request, whatever it waits for. */
const BUDGETS = { debt: 1_500, score: 800, event: 700 };

const router = readRouterConfig(env);
const services = { debt: readDebtConfig(env), score: readScoreConfig(env), event: readEventConfig(env) };

describe.each(['debt', 'score', 'event'] as const)('The time of %s', (name) => {
  const { acquireMillis, statementMillis } = services[name].base.budget;

  it('for a connection and a statement is less than its budget', () => {
    expect(acquireMillis + statementMillis).toBeLessThan(BUDGETS[name]);
  });

  it('is less than the router waits for it, and that less than a request may take', () => {
    expect(router.subgraphs[name].timeoutMillis).toBeGreaterThan(BUDGETS[name]);
    expect(router.subgraphs[name].timeoutMillis).toBeLessThan(router.requestTimeoutMillis);
  });
});

it('An index that does not answer leaves Event the time to ask its base', () => {
  const { search, base } = services.event;
  const { acquireMillis, statementMillis } = base.budget;
  expect(search!.searchMillis + acquireMillis + statementMillis).toBeLessThan(BUDGETS.event);
});

it('The router answers within three seconds', () => {
  expect(router.requestTimeoutMillis).toBe(3_000);
});

it('What Event reads of the audit takes no longer than what it reads of its base', () => {
  const { base, auditReader } = services.event;
  expect(2 * auditReader.timeoutMillis).toBeLessThanOrEqual(base.budget.acquireMillis + base.budget.statementMillis);
});

it('A lost source and the audit after it still fit into the time of a request', () => {
  const slowest = Math.max(...Object.values(router.subgraphs).map(({ timeoutMillis }) => timeoutMillis));
  expect(slowest + router.audit.timeoutMillis).toBeLessThan(router.requestTimeoutMillis);
});
