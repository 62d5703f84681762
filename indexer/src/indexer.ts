import { ConfigError, warnOfUnencrypted } from '@pessoa/service/config/environment';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import type { Logger } from '@pessoa/service/logging/logger';
import { observeElasticsearch } from '@pessoa/service/metrics/call-metrics';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { serveMetrics } from '@pessoa/service/metrics/metrics-server';
import { observePool } from '@pessoa/service/metrics/pool-metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import type { IndexerConfig } from './config.ts';
import { indexerMetrics } from './indexer-metrics.ts';
import { keepIndexed } from './keep-indexed.ts';
import { type OpenIndexing, openIndexing } from './open-indexing.ts';

/**
 * Starts the indexer, which keeps the index behind `SEARCH_ALIAS` equal to Base C. It is ready once the index was
 * up to date. `/health/ready` says `fora` for `indice` after an error.
 *
 * @throws ConfigError when Base C lacks what the mode of following needs
 */
export async function startIndexer(config: IndexerConfig, logger: Logger): Promise<RunningService> {
  const indexing = openIndexing(config);
  await checkBase(indexing, logger);
  warnOfUnencrypted(config, logger);
  const metrics = createMetrics('indexer');
  observePool(metrics, 'base-c', indexing.baseC);
  observeElasticsearch(metrics, indexing.client);
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
      await following; // the current page is written; the next process reads the rest
      await http.drain();
      await served.close();
      await indexing.close();
    },
  };
}

/** An unavailable base is only logged, because it may come back. @throws ConfigError when the base lacks something */
async function checkBase({ source, close }: OpenIndexing, logger: Logger): Promise<void> {
  try {
    for (const warning of await source.check()) logger.warn({ motivo: warning }, 'following Base C is slow');
  } catch (err) {
    if (!(err instanceof ConfigError)) return logger.warn({ err }, 'Base C does not answer yet');
    await close();
    throw err;
  }
}
