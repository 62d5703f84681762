import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PublicError } from '@pessoa/domain/errors';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { beginCaller } from '../resilience/caller.ts';
import { ANSWER_HEADERS } from './answer-headers.ts';
import { compressAnswers } from './compression.ts';
import { limitConnections, PIPELINED_MAX } from './connection-limits.ts';
import { allowOrigin, allowPreflight } from './cors.ts';
import { asPublic, sendError } from './error-answer.ts';
import { createHttpServer, HEADERS_MAX_BYTES, type HttpTimes } from './http-server.ts';
import { readJsonBodies } from './json-body.ts';
import { malformedHttp } from './malformed-http.ts';
import './request-facts.ts';
import { givenInteraction, INTERACTION_HEADER, lineFault } from './request-faults.ts';
import { logRequest } from './request-log.ts';
import { requestsUnderWay } from './requests-under-way.ts';
import { type Door, keepRouteTable, type RouteTable } from './route-table.ts';

/** How long requests under way may take to end. */
export const DRAIN_MILLIS = 20_000;

export const MAX_CONNECTIONS_DEFAULT = 1_000;

const NOBODY: ReadonlySet<string> = new Set();

export interface HttpServiceOptions {
  readonly logger: Logger;
  /** Bytes of a request body; default 100 KB. */
  readonly bodyLimitBytes?: number;
  /** Connections at once; default 1,000. */
  readonly maxConnections?: number;
  /** Origins whose scripts may read the answers, such as `https://app.example`; default none. */
  readonly corsOrigins?: ReadonlySet<string>;
  /** Default: those of an answer about a person. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Shorter ones, for tests. */
  readonly times?: Partial<HttpTimes> & { readonly answerMillis?: number };
}

/** The HTTP server of a process: interaction ids, errors of the closed table, one log line a request, draining. */
export interface HttpService {
  readonly app: FastifyInstance;
  /** From now on new requests get SERVICO_ENCERRANDO; resolves when those under way have been answered. */
  drain(): Promise<void>;
  isDraining(): boolean;
}

export function createHttpService({
  logger,
  bodyLimitBytes = 100 * 1024,
  maxConnections = MAX_CONNECTIONS_DEFAULT,
  corsOrigins = NOBODY,
  headers = ANSWER_HEADERS,
  times = {},
}: HttpServiceOptions): HttpService {
  let draining = false;
  const underWay = requestsUnderWay();
  const refuse = (error: PublicError, reply: FastifyReply): void =>
    void sendError(error, reply, { door: doorOf(reply.request, routes), logger });

  let server!: Server;
  const app: FastifyInstance = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false, // the table of routes adds them
    logger: false,
    serverFactory: (handler) => (server = createHttpServer(handler, times)),
    // A parameter that is too long is a value that does not read, which the route says.
    routerOptions: { maxParamLength: HEADERS_MAX_BYTES },
    clientErrorHandler: (error, socket) => malformed.onClientError(error, socket),
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      refuse(asPublic(error), reply);
    },
  });
  const routes = keepRouteTable(app);
  const malformed = malformedHttp({ routes, underWay, refuse, headers, logger });
  malformed.mount(server);
  const { answerMillis } = times;
  limitConnections(server, { maxConnections, underWay, logger, ...(answerMillis && { answerMillis }) });
  app.decorateRequest('facts');
  readJsonBodies(app);
  compressAnswers(app);

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    const interacao = givenInteraction(request) ?? randomUUID();
    request.facts = { interactionId: interacao, startedAt: performance.now() };
    reply.headers(headers).header(INTERACTION_HEADER, interacao);
    // Only of routes for data: a page of ours may carry a token.
    if (corsOrigins.size > 0 && doorOf(request, routes)) allowOrigin(request, reply, corsOrigins);
    // Node loses what follows it in the same packet.
    if (request.headers.upgrade !== undefined) reply.header('connection', 'close');
    underWay.add(reply, () => logRequest(reply, logger));
  }

  app.addHook('onRequest', (request, reply, done) => {
    beginCaller();
    begin(request, reply);
    if (draining && !request.routeOptions.url?.startsWith('/health')) {
      reply.header('connection', 'close');
      return done(new PublicError('SERVICO_ENCERRANDO'));
    }
    if (underWay.on(request.raw.socket).length > PIPELINED_MAX) {
      return done(new PublicError('LIMITE_EXCEDIDO', { detail: 'Too many requests at once on one connection.' }));
    }
    const fault = lineFault(request);
    if (fault) return done(fault);
    if (request.is404) return answerUnknown(request, reply, routes, done);
    done();
  });
  app.addHook('preParsing', ({ headers }, { raw }, _payload, done) => {
    if (headers.expect !== undefined) raw.writeContinue();
    done();
  });
  app.setErrorHandler<FastifyError | PublicError>((error, _request, reply) => {
    refuse(asPublic(error), reply);
    return reply;
  });
  app.setNotFoundHandler((_request, reply) => {
    refuse(new PublicError('ROTA_DESCONHECIDA'), reply);
    return reply;
  });

  return {
    app,
    async drain() {
      draining = true;
      const deadline = performance.now() + DRAIN_MILLIS;
      while (underWay.count() > 0 && performance.now() < deadline) await sleep(20); // the port stays open, to say so to newcomers
      await app.close();
    },
    isDraining: () => draining,
  };
}

/** A path that is none, a method that the path does not take, or the question which methods it takes. */
function answerUnknown(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  routes: RouteTable,
  done: (error?: Error) => void,
): void {
  const isOfServer = method === 'OPTIONS' && url === '*';
  const methods = isOfServer ? routes.methods() : routes.at(url)?.methods;
  if (!methods) return done(new PublicError('ROTA_DESCONHECIDA'));
  reply.header('allow', methods.join(', '));
  if (method === 'OPTIONS') {
    allowPreflight(reply, methods);
    void reply.code(204).send();
  } else done(new PublicError('METODO_NAO_PERMITIDO'));
}

const doorOf = (request: FastifyRequest, routes: RouteTable): Door | undefined =>
  request.is404 || !request.routeOptions?.config
    ? routes.at(request.raw.url ?? '')?.door
    : request.routeOptions.config.door;
