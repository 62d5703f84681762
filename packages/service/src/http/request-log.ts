import type { FastifyReply } from 'fastify';
import { BATCH_SUFFIX } from '../graphql/batch-format.ts';
import { type Logger, maskSecrets } from '../logging/logger.ts';
import type { RequestMetrics } from '../metrics/request-metrics.ts';
import { endTrace } from '../tracing/request-trace.ts';
import type { RequestFacts } from './request-facts.ts';

/** Whether a request has a trace: not one of our own looks at a process, and not a batch, whose fetches have their own. */
export const isTraced = (route: string | undefined): boolean =>
  route !== undefined && !route.startsWith('/health') && !route.endsWith(BATCH_SUFFIX);

/** Whether a request is a batch that is not refused: the fetches in it are counted. */
const isBatch = (route: string, status: number): boolean => route.endsWith(BATCH_SUFFIX) && status === 200;

/** Whether a request is logged at the level `debug`. A batch that is not refused is logged as the fetches in it. */
const isQuiet = (route: string, status: number): boolean =>
  route.startsWith('/health') || route === '/metrics' || isBatch(route, status);

/** Logs a request in one line, and counts it, once it is answered or its client is gone. */
export function endRequest(
  { request, raw, statusCode }: FastifyReply,
  { logger, metrics }: { logger: Logger; metrics: RequestMetrics | undefined },
): void {
  const { facts, method, routeOptions } = request;
  // The pattern of the route and not the path, because a path may contain a CPF.
  const rota = (request.is404 ? undefined : routeOptions?.url) ?? '(none)';
  const status = raw.writableFinished ? statusCode : undefined;
  facts.trace?.begin('unknown'); // unless it has begun
  logger[isQuiet(rota, statusCode) ? 'debug' : 'info'](lineOf(facts, method, rota, status));
  if (!isBatch(rota, statusCode)) metrics?.count(facts, rota, status);
  if (facts.trace) endTrace(facts, rota, status);
}

/** Logs a fetch of a batch as the request that it would be alone. @param status undefined when the router has left */
export const logFetch = (facts: RequestFacts, status: number | undefined, logger: Logger): void =>
  logger.info(lineOf(facts, 'POST', '/graphql', status));

/** @param status undefined for a client that left before its answer */
const lineOf = (facts: RequestFacts, metodo: string, rota: string, status: number | undefined): object => ({
  interacao: facts.interactionId,
  traceId: facts.trace?.span?.spanContext().traceId,
  // An issuer may name a client by a CPF.
  cliente: facts.identity && maskSecrets(facts.identity.clientId),
  metodo,
  rota,
  operacao: facts.operation,
  pessoas: facts.people,
  status,
  abandonada: status === undefined ? true : undefined,
  codigo: facts.code,
  motivo: facts.motivo,
  escopos: facts.scopes,
  cota: facts.quota,
  ms: Math.round((performance.now() - facts.startedAt) * 10) / 10,
});
