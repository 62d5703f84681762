import type { FastifyReply } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import './request-facts.ts';

/** The one line of a request, once it is answered or its client is gone. */
export function logRequest({ request, raw, statusCode }: FastifyReply, logger: Logger): void {
  const { facts, method, routeOptions } = request;
  // The route's pattern, never the path: a path may carry a CPF.
  const rota = (request.is404 ? undefined : routeOptions?.url) ?? '(none)';
  const level = rota.startsWith('/health') || rota === '/metrics' ? 'debug' : 'info';
  const isWhole = raw.writableFinished;
  logger[level]({
    interacao: facts.interactionId,
    cliente: facts.identity?.clientId,
    metodo: method,
    rota,
    operacao: facts.operation,
    pessoas: facts.people,
    status: isWhole ? statusCode : undefined,
    abandonada: isWhole ? undefined : true,
    codigo: facts.code,
    motivo: facts.motivo,
    escopos: facts.scopes,
    ms: Math.round((performance.now() - facts.startedAt) * 10) / 10,
  });
}
