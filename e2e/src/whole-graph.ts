import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { startDebt } from '@pessoa/debt/debt-subgraph';
import type { Clock } from '@pessoa/domain/data';
import type { Service } from '@pessoa/domain/services';
import { readConfig as readEventConfig } from '@pessoa/event/config';
import { startEvent } from '@pessoa/event/event-subgraph';
import { readConfig as readRouterConfig } from '@pessoa/router/config';
import { startRouter } from '@pessoa/router/router';
import { readConfig as readScoreConfig } from '@pessoa/score/config';
import { startScore } from '@pessoa/score/score-subgraph';
import type { RunningService } from '@pessoa/service/processes/process';
import { onServers } from '@pessoa/testkit/servers';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { startIndexedPostings } from './indexed-postings.ts';
import { type Relay, startRelay } from './relay.ts';

/**
 * The three subgraphs and the router, in this process, on free ports and databases of the test's own. In a run of
 * `npm run test:servers` with Redis for a cache, and an index of postings that an indexer keeps.
 */
export interface WholeGraph {
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly router: RunningService;
  readonly subgraphs: Readonly<Record<Service, RunningService>>;
  /** Between the router and each subgraph: counts, and fails on demand. */
  readonly relays: Readonly<Record<Service, Relay>>;
  /** A second router over the same relays, with settings of its own; closed with the graph. */
  startAnotherRouter(env: Record<string, string>): Promise<RunningService>;
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
export const unhurried: Readonly<Record<string, string>> = {
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
  const closing: (() => Promise<void>)[] = [];
  /** What is open is closed again in the opposite order, also when the rest cannot be opened: it would keep jest alive. */
  const opened = <T>(one: T, close: (one: T) => Promise<void>): T => {
    closing.unshift(() => close(one));
    return one;
  };
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0)) await one();
  };
  try {
    return { ...(await openWholeGraph(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWholeGraph(
  options: WholeGraphOptions,
  opened: <T>(one: T, close: (one: T) => Promise<void>) => T,
): Promise<Omit<WholeGraph, 'close'>> {
  const bases = opened(await openTestBases(), (one) => one.drop());
  const environment = opened(await createTestEnvironment(bases), (one) => one.close());
  const postings = onServers()
    ? opened(await startIndexedPostings(bases, environment.env['CPF_HASH_KEY']!), (one) => one.close())
    : undefined;
  const given = { ...environment.env, ...unhurried, ...postings?.env, ...options.env };
  const env: Record<string, string> = { ...given, ...(await options.envFrom?.(bases, given)) };
  const { logger } = environment;
  const { clock } = options;
  const serving = (service: RunningService): RunningService => opened(closedOnce(service), (one) => one.close());
  const debt = serving(await startDebt(readDebtConfig(env), logger, clock));
  const score = serving(await startScore(readScoreConfig(env), logger, clock));
  const event = serving(await startEvent(readEventConfig(env), logger, clock));
  const relayTo = async ({ url }: RunningService): Promise<Relay> =>
    opened(await startRelay(url), (one) => one.close());
  const relays = { debt: await relayTo(debt), score: await relayTo(score), event: await relayTo(event) };
  const urls = {
    DEBT_URL: `${relays.debt.url}/graphql`,
    SCORE_URL: `${relays.score.url}/graphql`,
    EVENT_URL: `${relays.event.url}/graphql`,
  };
  const startAnotherRouter = async (more: Record<string, string>): Promise<RunningService> =>
    serving(await startRouter(readRouterConfig({ ...env, ...urls, ...more }), logger));
  return {
    bases,
    environment,
    router: await startAnotherRouter({}),
    startAnotherRouter,
    subgraphs: { debt, score, event },
    relays,
    caughtUp: async () => postings?.caughtUp(),
  };
}

/** A test may close one of the services before all are closed. */
function closedOnce(service: RunningService): RunningService {
  let closing: Promise<void> | undefined;
  return { ...service, close: () => (closing ??= service.close()) };
}
