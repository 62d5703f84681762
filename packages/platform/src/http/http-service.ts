import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PublicError, publicErrors, retryAfterSeconds } from '@pessoa/domain/errors';
import { problemFor } from '@pessoa/rest/problem';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { checkInternalBody } from './internal-caller.ts';
import './request-facts.ts';

const INTERACTION_HEADER = 'x-fapi-interaction-id';
/** How long requests under way may take to end. */
export const DRAIN_MILLIS = 20_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export interface HttpServiceOptions {
  readonly logger: Logger;
  /** Bytes of a request body; default 100 KB. */
  readonly bodyLimitBytes?: number;
}

/** The HTTP server of a process: interaction ids, errors of the closed table, one log line a request, draining. */
export interface HttpService {
  readonly app: FastifyInstance;
  /** From now on new requests get SERVICO_ENCERRANDO; resolves when those under way have been answered. */
  drain(): Promise<void>;
  isDraining(): boolean;
}

export function createHttpService({ logger, bodyLimitBytes = 100 * 1024 }: HttpServiceOptions): HttpService {
  let draining = false;
  let underWay = 0;
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: 15_000,
    keepAliveTimeout: 75_000, // above the 60 s of common balancers, which must be the ones to close
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    logger: false,
  });
  app.server.headersTimeout = 10_000;
  app.decorateRequest('facts');
  readBodiesOurselves(app);

  app.addHook('onRequest', (request, reply, done) => {
    underWay++;
    // Not `onResponse`: it never comes for a client that went away.
    reply.raw.once('close', () => {
      underWay--;
      logRequest(request, reply, logger);
    });
    const given = request.headers[INTERACTION_HEADER];
    const interacao = typeof given === 'string' && UUID.test(given) ? given.toLowerCase() : randomUUID();
    request.facts = { interacao, inicio: performance.now() };
    reply.header(INTERACTION_HEADER, interacao);
    if (draining && !request.routeOptions.url?.startsWith('/health')) {
      reply.header('connection', 'close');
      done(new PublicError('SERVICO_ENCERRANDO'));
    } else done();
  });

  app.setErrorHandler<FastifyError | PublicError>((error, request, reply) =>
    sendError(asPublic(error), request, reply, logger),
  );
  app.setNotFoundHandler((request, reply) =>
    sendError(new PublicError('NAO_ENCONTRADO', { detail: 'There is no such route.' }), request, reply, logger),
  );

  return {
    app,
    async drain() {
      draining = true;
      const deadline = Date.now() + DRAIN_MILLIS;
      while (underWay > 0 && Date.now() < deadline) await sleep(20); // the port stays open, to say so to newcomers
      await app.close();
    },
    isDraining: () => draining,
  };
}

/** JSON as the JavaScript engine reads it; any other body is left to the route, which says what it wants. */
function readBodiesOurselves(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    try {
      checkInternalBody(request, body);
      done(null, JSON.parse(body as string));
    } catch (cause) {
      const isRefusal = cause instanceof PublicError;
      done(isRefusal ? cause : new PublicError('BAD_USER_INPUT', { detail: 'The body is not JSON.', cause }));
    }
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, undefined));
}

function logRequest({ facts, method, routeOptions }: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  // The route's pattern, never the path: a path may carry a CPF.
  const rota = routeOptions.url ?? '(none)';
  const level = rota.startsWith('/health') || rota === '/metrics' ? 'debug' : 'info';
  const isWhole = reply.raw.writableFinished;
  logger[level]({
    interacao: facts.interacao,
    cliente: facts.identity?.clientId,
    metodo: method,
    rota,
    operacao: facts.operacao,
    pessoas: facts.pessoas,
    status: isWhole ? reply.statusCode : undefined,
    abandonada: isWhole ? undefined : true,
    codigo: facts.codigo,
    motivo: facts.motivo,
    escopos: facts.escopos,
    ms: Math.round((performance.now() - facts.inicio) * 10) / 10,
  });
}

function asPublic(error: FastifyError | PublicError): PublicError {
  if (error instanceof PublicError) return error;
  if (error.statusCode === 413)
    return new PublicError('LIMITE_EXCEDIDO', { detail: 'The body is too large.', cause: error });
  if (error.statusCode && error.statusCode < 500) return new PublicError('BAD_USER_INPUT', { cause: error });
  return new PublicError('INTERNAL_SERVER_ERROR', { cause: error });
}

function sendError(error: PublicError, request: FastifyRequest, reply: FastifyReply, logger: Logger): FastifyReply {
  const { facts } = request;
  facts.codigo ??= error.code;
  facts.motivo ??= error.recusa?.motivo;
  if (error.code === 'INTERNAL_SERVER_ERROR') logger.error({ interacao: facts.interacao, err: error.cause ?? error });
  else if (error.code === 'FONTE_INDISPONIVEL')
    logger.warn({ interacao: facts.interacao, codigo: error.code, err: error.cause });
  const { status } = publicErrors[error.code];
  const retryAfter = retryAfterSeconds[error.code];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  reply.header('cache-control', 'no-store').code(status);
  if (request.routeOptions.config?.door !== 'graphql') {
    return reply
      .type('application/problem+json')
      .send(problemFor(error.code, error.message, error.fonte, error.recusa));
  }
  return reply.type('application/json; charset=utf-8').send(graphqlErrorBody(error));
}

/** A GraphQL answer that never reached the graph. */
const graphqlErrorBody = ({ code, message, recusa }: PublicError): string =>
  JSON.stringify({ errors: [{ message, extensions: { code, ...recusa } }] });
