import { startAuditor } from '@pessoa/auditor/auditor';
import { readConfig as readAuditorConfig } from '@pessoa/auditor/config';
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
import { readConfig as readSingleConfig } from '@pessoa/single/config';
import { startSingle } from '@pessoa/single/single';
import { isHostile } from '@pessoa/testkit/hostile-settings';
import { runsOnServers } from '@pessoa/testkit/servers';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { startIndexedPostings } from './indexed-postings.ts';
import { type Relay, startRelay } from './relay.ts';

/**
 * The three subgraphs and the router in this process, with free ports and databases of their own. In a run of
 * `npm run test:servers` they have Redis as cache, and a search index that an indexer keeps. In one of `npm run test:hostile` an
 * auditor keeps the log of the audit.
 */
export interface WholeGraph {
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly router: RunningService;
  readonly subgraphs: Readonly<Record<Service, RunningService>>;
  /** Undefined without one, or where it runs in the one process. */
  readonly auditor: RunningService | undefined;
  /** Proxies between the router and each subgraph. */
  readonly relays: Readonly<Record<Service, Relay>>;
  /** Starts another router over the same relays, with additional settings. It closes with the graph. */
  startAnotherRouter(env: Record<string, string>): Promise<RunningService>;
  /** Resolves when the search finds all postings that Base C has now. */
  waitUntilIndexed(): Promise<void>;
  close(): Promise<void>;
}

export interface WholeGraphOptions {
  readonly clock?: Clock;
  readonly env?: Record<string, string>;
  /**
   * `relayed`: the router asks the subgraphs through the relays. `single`: it calls them in this process, as TOPOLOGY=single does.
   * Default: `single` in a run of `npm run test:hostile`, else `relayed`.
   */
  readonly wiring?: 'relayed' | 'single';
  /** Whether an auditor keeps the log of the audit. Default: with the wiring `single`. */
  readonly auditor?: boolean;
  /** Makes further variables from the databases and the other variables. */
  readonly envFrom?: (bases: TestBases, env: Record<string, string>) => Promise<Record<string, string>>;
}

/** Long timeouts for busy machines. A test about timeouts sets an empty value, which stands for the default. */
export const generousTimeouts: Readonly<Record<string, string>> = {
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
  AUDITOR_TIMEOUT_MILLIS: '5000',
  DEBT_TIMEOUT_MILLIS: '20000',
  SCORE_TIMEOUT_MILLIS: '20000',
  EVENT_TIMEOUT_MILLIS: '20000',
  REQUEST_TIMEOUT_MILLIS: '30000',
};

export async function startWholeGraph(options: WholeGraphOptions = {}): Promise<WholeGraph> {
  const closers: (() => Promise<void>)[] = [];
  /** Resources close in the opposite order, also when a later one cannot be opened: an open one would keep jest alive. */
  const closeLater = <T>(resource: T, close: (resource: T) => Promise<void>): T => {
    closers.unshift(() => close(resource));
    return resource;
  };
  const close = async (): Promise<void> => {
    for (const closeResource of closers.splice(0)) await closeResource();
  };
  try {
    return { ...(await openWholeGraph(options, closeLater)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWholeGraph(
  options: WholeGraphOptions,
  closeLater: <T>(resource: T, close: (resource: T) => Promise<void>) => T,
): Promise<Omit<WholeGraph, 'close'>> {
  const bases = closeLater(await openTestBases(), (resource) => resource.drop());
  const environment = closeLater(await createTestEnvironment(bases), (resource) => resource.close());
  const postings = runsOnServers()
    ? closeLater(await startIndexedPostings(bases, environment.env['CPF_HASH_KEY']!), (resource) => resource.close())
    : undefined;
  const graphVariables = { ...environment.env, ...generousTimeouts, ...postings?.env, ...options.env };
  const { wiring = isHostile() ? 'single' : 'relayed', clock } = options;
  const { auditor: hasAuditor = wiring === 'single' } = options;
  const env: Record<string, string> = {
    ...graphVariables,
    ...(hasAuditor && { AUDIT_AUDITOR_URL: bases.auditoria.auditorUrl }),
    ...(await options.envFrom?.(bases, graphVariables)),
  };
  const { logger } = environment;
  const closeServiceLater = <Running extends RunningService>(service: Running): Running =>
    closeLater(closableTwice(service), (resource) => resource.close());
  const single =
    wiring === 'single' ? closeServiceLater(await startSingle(readSingleConfig(env), () => logger, clock)) : undefined;
  const auditor =
    hasAuditor && !single ? closeServiceLater(await startAuditor(readAuditorConfig(env), logger, clock)) : undefined;
  const auditorUrl: Record<string, string> = auditor ? { AUDITOR_URL: auditor.url } : {};
  const { debt, score, event } = single?.subgraphs ?? {
    debt: closeServiceLater(await startDebt(readDebtConfig(env), logger, clock)),
    score: closeServiceLater(await startScore(readScoreConfig(env), logger, clock)),
    event: closeServiceLater(await startEvent(readEventConfig({ ...env, ...auditorUrl }), logger, clock)),
  };
  const relayTo = async ({ url }: RunningService): Promise<Relay> =>
    closeLater(await startRelay(url), (resource) => resource.close());
  const relays = { debt: await relayTo(debt), score: await relayTo(score), event: await relayTo(event) };
  const urls = {
    DEBT_URL: `${relays.debt.url}/graphql`,
    SCORE_URL: `${relays.score.url}/graphql`,
    EVENT_URL: `${relays.event.url}/graphql`,
    ...auditorUrl,
  };
  const startAnotherRouter = async (routerVariables: Record<string, string>): Promise<RunningService> =>
    closeServiceLater(await startRouter(readRouterConfig({ ...env, ...urls, ...routerVariables }), logger));
  return {
    bases,
    environment,
    router: single ?? (await startAnotherRouter({})),
    startAnotherRouter,
    subgraphs: { debt, score, event },
    auditor,
    relays,
    waitUntilIndexed: async () => postings?.waitUntilIndexed(),
  };
}

/** Makes `close` idempotent: a test may close a service before the graph does. */
function closableTwice<Running extends RunningService>(service: Running): Running {
  let closing: Promise<void> | undefined;
  return { ...service, close: () => (closing ??= service.close()) };
}
