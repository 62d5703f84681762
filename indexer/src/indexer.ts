import { ConfigError, warnOfUnencrypted } from '@pessoa/service/config/environment';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import type { Logger } from '@pessoa/service/logging/logger';
import { createMetrics, serveMetrics } from '@pessoa/service/metrics/metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import type { IndexerConfig } from './config.ts';
import { indexerMetrics } from './indexer-metrics.ts';
import { keepIndexed } from './keep-indexed.ts';
import { type OpenIndexing, openIndexing } from './open-indexing.ts';

/**
 * The indexer: keeps the index of postings behind `SEARCH_ALIAS` as Base C is. Ready once it has been up to date.
 *
 * @throws ConfigError when Base C does not offer what the way of following needs
 */
export async function startIndexer(config: IndexerConfig, logger: Logger): Promise<RunningService> {
  const indexing = openIndexing(config);
  await checkBase(indexing, logger);
  warnOfUnencrypted(config, logger);
  const metrics = createMetrics('indexer');
  const stopping = new AbortController();
  let isHealthy: boolean | undefined;
  const following = keepIndexed(indexing, {
    signal: stopping.signal,
    logger,
    metrics: indexerMetrics(metrics),
    countEveryMillis: config.countEveryMillis,
    onHealth: (well) => void (isHealthy = well),
  });

  const http = createHttpService({ logger });
  mountHealth(http.app, {
    isDraining: http.isDraining,
    isReady: async () => isHealthy === true,
    sources: async () => ({ indice: isHealthy === false ? 'fora' : 'ok' }),
  });
  const served = await serveMetrics(metrics, config.metricsAddress, logger);
  const url = await http.app.listen({ host: config.host, port: config.port });
  return {
    logger,
    url,
    metricsUrl: served.url,
    async close() {
      stopping.abort();
      await following; // the page under way is written; what is not is read again by the next one
      await http.drain();
      await served.close();
      await indexing.close();
    },
  };
}

/** A base that cannot be asked now may come later; one that lacks something never will. */
async function checkBase({ source, close }: OpenIndexing, logger: Logger): Promise<void> {
  try {
    for (const warning of await source.check()) logger.warn({ motivo: warning }, 'following Base C is slow');
  } catch (err) {
    if (!(err instanceof ConfigError)) return logger.warn({ err }, 'Base C does not answer yet');
    await close();
    throw err;
  }
}
