import { Counter } from 'prom-client';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { enumerationSigns, type EnumerationWatch, enumerationWatch } from './enumeration-watch.ts';
import type { ClientHash } from './quota-counters.ts';

/** A watch that logs one warning for a client and window, and counts it. Neither has a CPF, or the client in clear. */
export function openEnumerationWatch(
  threshold: number | undefined,
  { metrics, logger, clientHash }: { metrics: Metrics; logger: Logger; clientHash: (clientId: string) => ClientHash },
): EnumerationWatch {
  const noticed = new Counter({
    name: 'pessoa_enumeration_noticed_total',
    help: 'Clients noticed for trying out CPFs, each at most once a minute, by the sign that was noticed.',
    labelNames: ['sinal'] as const,
    registers: [metrics],
  });
  // From 0 on: `increase` does not see the first event of a series that begins with it.
  for (const sinal of enumerationSigns) noticed.inc({ sinal }, 0);
  return enumerationWatch(threshold, (clientId, interacao, sinal, counts) => {
    noticed.inc({ sinal });
    logger.warn({ interacao, cliente: clientHash(clientId), sinal, ...counts }, 'a client may be trying out CPFs');
  });
}
