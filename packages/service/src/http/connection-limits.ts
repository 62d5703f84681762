import type { Server } from 'node:http';
import type { Logger } from '../logging/logger.ts';
import type { RequestsUnderWay } from './requests-under-way.ts';

/** Requests of one connection at once; a browser or a pool of connections sends one. */
export const PIPELINED_MAX = 10;

/** From the first byte of a request to the last of its answer: 15 s to come, 3 s to be served, the rest to be read. */
const ANSWER_MILLIS = 60_000;

const LOG_EVERY_MILLIS = 10_000;

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly underWay: RequestsUnderWay;
  readonly logger: Logger;
  /** How long an answer may take to be read, from the beginning of its request. Default 60 s. */
  readonly answerMillis?: number;
}

/**
 * Bounds how many connections there are, and how long one may leave its answer unread. Node closes what is over the number
 * without a word: whoever floods a port is told nothing, and a balancer sees it as it sees a full host.
 */
export function limitConnections(
  server: Server,
  { maxConnections, underWay, logger, answerMillis = ANSWER_MILLIS }: ConnectionLimits,
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
    const latest = performance.now() - answerMillis;
    for (const { raw, request } of underWay.all()) {
      if (raw.writableEnded && request.facts.startedAt < latest) raw.destroy();
    }
  };
  const sweep = setInterval(closeSlowReaders, Math.min(answerMillis / 2, 2_000)).unref();
  server.on('close', () => clearInterval(sweep));
}
