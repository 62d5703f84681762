import type { FastifyReply } from 'fastify';
import { type Logger, maskSecrets } from '../logging/logger.ts';
import './request-facts.ts';

/** Logs a request in one line, once it is answered or its client is gone. */
export function logRequest({ request, raw, statusCode }: FastifyReply, logger: Logger): void {
  const { facts, method, routeOptions } = request;
  // The pattern of the route and not the path, because a path may contain a CPF.
  const rota = (request.is404 ? undefined : routeOptions?.url) ?? '(none)';
  const level = rota.startsWith('/health') || rota === '/metrics' ? 'debug' : 'info';
  const isFinished = raw.writableFinished;
  logger[level]({
    interacao: facts.interactionId,
    // An issuer may name a client by a CPF.
    cliente: facts.identity && maskSecrets(facts.identity.clientId),
    metodo: method,
    rota,
    operacao: facts.operation,
    pessoas: facts.people,
    status: isFinished ? statusCode : undefined,
    abandonada: isFinished ? undefined : true,
    codigo: facts.code,
    motivo: facts.motivo,
    escopos: facts.scopes,
    cota: facts.quota,
    ms: Math.round((performance.now() - facts.startedAt) * 10) / 10,
  });
}
