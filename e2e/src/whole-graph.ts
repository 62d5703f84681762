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
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { type Relay, startRelay } from './relay.ts';

export type SubgraphName = 'debt' | 'score' | 'event';

/** The three subgraphs and the router, in this process, on free ports and databases of the test's own. */
export interface WholeGraph {
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly router: RunningService;
  readonly subgraphs: Readonly<Record<SubgraphName, RunningService>>;
  /** Between the router and each subgraph: counts, and fails on demand. */
  readonly relays: Readonly<Record<SubgraphName, Relay>>;
  close(): Promise<void>;
}

export interface WholeGraphOptions {
  readonly clock?: Clock;
  readonly env?: Record<string, string>;
  /** Variables that depend on the databases. */
  readonly envFrom?: (bases: TestBases) => Promise<Record<string, string>>;
}

/** A busy machine is not what most tests are about; those about time set an empty value, which is the standard one. */
const unhurried = {
  BASE_A_ACQUIRE_MILLIS: '5000',
  BASE_A_STATEMENT_MILLIS: '5000',
  BASE_B_ACQUIRE_MILLIS: '5000',
  BASE_B_STATEMENT_MILLIS: '5000',
  BASE_C_ACQUIRE_MILLIS: '5000',
  BASE_C_STATEMENT_MILLIS: '5000',
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
  const env = { ...environment.env, ...unhurried, ...options.env, ...(await options.envFrom?.(bases)) };
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
    async close() {
      await router.close();
      await Promise.all(Object.values(relays).map((relay) => relay.close()));
      await Promise.all(Object.values(subgraphs).map((service) => service.close()));
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
