import type { Server } from 'node:http';
import type { Logger } from '../logging/logger.ts';
import type { ActiveRequests } from './active-requests.ts';

/** The most requests of one connection at the same time. A browser or a connection pool sends one. */
export const PIPELINED_MAX = 10;

/** From the first byte of a request to the last byte of its answer: 15 s to receive, 3 s to serve, the rest to be read. */
const ANSWER_MILLIS = 60_000;

const LOG_EVERY_MILLIS = 10_000;

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly activeRequests: ActiveRequests;
  readonly logger: Logger;
  /** The time until a client must have read an answer, from the start of its request. Default 60,000. */
  readonly answerMillis?: number;
}

/**
 * Limits the number of connections, and the time that a client may take to read an answer. Node closes connections over the
 * limit without an answer, and a load balancer treats that like a host that is full.
 */
export function limitConnections(
  server: Server,
  { maxConnections, activeRequests, logger, answerMillis = ANSWER_MILLIS }: ConnectionLimits,
): void {
  server.maxConnections = maxConnections;
  let refused = 0;
  let loggedAt = -Infinity;
  server.on('drop', () => {
    refused++;
    if (performance.now() - loggedAt < LOG_EVERY_MILLIS) return;
    loggedAt = performance.now();
    logger.warn({ conexoes: maxConnections, recusadas: refused }, 'connections refused: MAX_CONNECTIONS are open');
  });

  const closeSlowReaders = (): void => {
    const startLimit = performance.now() - answerMillis;
    for (const { raw, request } of activeRequests.all()) {
      if (raw.writableEnded && request.facts.startedAt < startLimit) raw.destroy();
    }
  };
  const sweep = setInterval(closeSlowReaders, Math.min(answerMillis / 2, 2_000)).unref();
  server.on('close', () => clearInterval(sweep));
}
