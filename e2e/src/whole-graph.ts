import type { Clock } from '@pessoa/domain/data';
import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { startDebt } from '@pessoa/debt/debt-subgraph';
import { readConfig as readEventConfig } from '@pessoa/event/config';
import { startEvent } from '@pessoa/event/event-subgraph';
import type { RunningService } from '@pessoa/platform/process';
import { readConfig as readRouterConfig } from '@pessoa/router/config';
import { startRouter } from '@pessoa/router/router';
import { readConfig as readScoreConfig } from '@pessoa/score/config';
import { startScore } from '@pessoa/score/score-subgraph';
import { onServers, redisServer } from '@pessoa/testkit/servers';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { startIndexedPostings } from './indexed-postings.ts';
import { type Relay, startRelay } from './relay.ts';

export type SubgraphName = 'debt' | 'score' | 'event';

/**
 * The three subgraphs and the router, in this process, on free ports and databases of the test's own. In a run of
 * `npm run test:servers` with Redis for a cache, and an index of postings that an indexer keeps.
 */
export interface WholeGraph {
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly router: RunningService;
  readonly subgraphs: Readonly<Record<SubgraphName, RunningService>>;
  /** Between the router and each subgraph: counts, and fails on demand. */
  readonly relays: Readonly<Record<SubgraphName, Relay>>;
  /** Resolves when whatever the bases have now can be found. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface WholeGraphOptions {
  readonly clock?: Clock;
  readonly env?: Record<string, string>;
  /** Variables that depend on the databases and on those there are already. */
  readonly envFrom?: (bases: TestBases, env: Record<string, string>) => Promise<Record<string, string>>;
}

/** A busy machine is not what most tests are about; those about time set an empty value, which is the standard one. */
const unhurried = {
  BASE_A_ACQUIRE_MILLIS: '5000',
  BASE_A_STATEMENT_MILLIS: '5000',
  BASE_B_ACQUIRE_MILLIS: '5000',
  BASE_B_STATEMENT_MILLIS: '5000',
  BASE_C_ACQUIRE_MILLIS: '5000',
  BASE_C_STATEMENT_MILLIS: '5000',
  CACHE_MILLIS: '1000',
  SEARCH_MILLIS: '5000',
  AUDIT_READER_TIMEOUT_MILLIS: '5000',
  AUDIT_TIMEOUT_MILLIS: '5000',
  DEBT_TIMEOUT_MILLIS: '20000',
  SCORE_TIMEOUT_MILLIS: '20000',
  EVENT_TIMEOUT_MILLIS: '20000',
  REQUEST_TIMEOUT_MILLIS: '30000',
};

export async function startWholeGraph(options: WholeGraphOptions = {}): Promise<WholeGraph> {
  const bases = await openTestBases();
  const environment = await createTestEnvironment(bases);
  const postings = onServers() ? await startIndexedPostings(bases, environment.env['CPF_HASH_KEY']!) : undefined;
  const engines = postings && { ...postings.env, REDIS_URL: redisServer() };
  const given = { ...environment.env, ...unhurried, ...engines, ...options.env };
  const env: Record<string, string> = { ...given, ...(await options.envFrom?.(bases, given)) };
  const { logger } = environment;
  const { clock } = options;
  const debt = closedOnce(await startDebt(readDebtConfig(env), logger, clock));
  const score = closedOnce(await startScore(readScoreConfig(env), logger, clock));
  const event = closedOnce(await startEvent(readEventConfig(env), logger, clock));
  const subgraphs = { debt, score, event };
  const relays = {
    debt: await startRelay(debt.url),
    score: await startRelay(score.url),
    event: await startRelay(event.url),
  };
  const urls = {
    DEBT_URL: `${relays.debt.url}/graphql`,
    SCORE_URL: `${relays.score.url}/graphql`,
    EVENT_URL: `${relays.event.url}/graphql`,
  };
  const router = closedOnce(await startRouter(readRouterConfig({ ...env, ...urls }), logger));
  return {
    bases,
    environment,
    router,
    subgraphs,
    relays,
    caughtUp: async () => postings?.caughtUp(),
    async close() {
      await router.close();
      await Promise.all(Object.values(relays).map((relay) => relay.close()));
      await Promise.all(Object.values(subgraphs).map((service) => service.close()));
      await postings?.close();
      await environment.close();
      await bases.drop();
    },
  };
}

/** A test may close one of the services before all are closed. */
function closedOnce(service: RunningService): RunningService {
  let closing: Promise<void> | undefined;
  return { ...service, close: () => (closing ??= service.close()) };
}
