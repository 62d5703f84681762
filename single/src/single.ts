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
  const starts: PerService<() => Promise<RunningSubgraph>> = {
    debt: () => startDebt(config.debt, loggerOf('debt'), clock),
    score: () => startScore(config.score, loggerOf('score'), clock),
    event: () => startEvent(config.event, loggerOf('event'), clock),
  };
  const started = await Promise.allSettled(serviceNames.map((name) => starts[name]()));
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  let auditor: RunningService | undefined;
  const closeParts = async (): Promise<void> => {
    await Promise.all([auditor, ...running].map((part) => part?.close()));
  };
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    const subgraphs = perService((name) => running[serviceNames.indexOf(name)]!);
    auditor = config.auditor && (await startAuditor(config.auditor, loggerOf('auditor'), clock));
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
