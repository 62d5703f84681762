import { startAuditor } from '@pessoa/auditor/auditor';
import { startDebt } from '@pessoa/debt/debt-subgraph';
import type { Clock } from '@pessoa/domain/data';
import { type PerService, perService, type Service, serviceNames } from '@pessoa/domain/services';
import { startEvent } from '@pessoa/event/event-subgraph';
import { startRouter } from '@pessoa/router/router';
import { startScore } from '@pessoa/score/score-subgraph';
import type { Logger } from '@pessoa/service/logging/logger';
import type { RunningService } from '@pessoa/service/processes/process';
import type { RunningSubgraph } from '@pessoa/subgraph/subgraph';
import type { SingleConfig } from './config.ts';

/** The router, its subgraphs and the auditor, running in this process. */
export interface RunningSystem extends RunningService {
  readonly subgraphs: PerService<RunningSubgraph>;
}

/**
 * Starts the router, the three subgraphs and the auditor in this process. The router calls the subgraphs without HTTP. Each has its port, with the
 * same doors as in a process of its own.
 *
 * @param loggerOf makes the logger of a part
 */
export async function startSingle(
  config: SingleConfig,
  loggerOf: (part: Service | 'router' | 'auditor') => Logger,
  clock?: Clock,
): Promise<RunningSystem> {
  const auditing = config.auditor && startAuditor(config.auditor, loggerOf('auditor'), clock);
  const starts: PerService<() => Promise<RunningSubgraph>> = {
    debt: () => startDebt(config.debt, loggerOf('debt'), clock),
    score: () => startScore(config.score, loggerOf('score'), clock),
    event: async () => startEvent(withAuditor(config.event, await auditing), loggerOf('event'), clock),
  };
  const [audited, ...started] = await Promise.allSettled([auditing, ...serviceNames.map((name) => starts[name]())]);
  const auditor = audited.status === 'fulfilled' ? audited.value : undefined;
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const closeParts = async (): Promise<void> => {
    await Promise.all([auditor, ...running].map((part) => part?.close()));
  };
  try {
    for (const result of [audited, ...started]) if (result.status === 'rejected') throw result.reason;
    const subgraphs = perService((name) => running[serviceNames.indexOf(name)]!);
    const router = await startRouter(withUrls(config.router, subgraphs, auditor), loggerOf('router'), {
      fetchHandlers: perService((name) => subgraphs[name].handleFetch),
    });
    return {
      ...router,
      subgraphs,
      async retire() {
        await Promise.all([router, ...running].map((service) => service.retire?.()));
      },
      async close() {
        // The requests of the router need the bases until it has drained; the ports of all drain at the same time.
        await Promise.all([router.close(), ...running.map((subgraph) => subgraph.drain())]);
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}

/** Event asks the auditor for proofs, at its own door. */
const withAuditor = (config: SingleConfig['event'], auditor: RunningService | undefined): SingleConfig['event'] => ({
  ...config,
  auditor: { ...config.auditor, url: auditor?.url ?? config.auditor.url },
});

/** The router asks the health of each subgraph, and the auditor for all it has, at their own doors. */
const withUrls = (
  config: SingleConfig['router'],
  running: PerService<RunningSubgraph>,
  auditor: RunningService | undefined,
): SingleConfig['router'] => ({
  ...config,
  auditorUrl: auditor?.url ?? config.auditorUrl,
  subgraphs: perService((name) => ({ ...config.subgraphs[name], url: `${running[name].url}/graphql` })),
});
