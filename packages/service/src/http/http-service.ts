import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PublicError } from '@pessoa/domain/errors';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import type { RequestMetrics } from '../metrics/request-metrics.ts';
import { beginServedRequest } from '../resilience/served-request.ts';
import { ANSWER_HEADERS } from './answer-headers.ts';
import { compressAnswers } from './compression.ts';
import { limitConnections, PIPELINED_MAX } from './connection-limits.ts';
import { allowOrigin, allowPreflight } from './cors.ts';
import { toPublicError, sendError } from './error-answer.ts';
import { createHttpServer, HEADERS_MAX_BYTES, type HttpTimes } from './http-server.ts';
import { readJsonBodies } from './json-body.ts';
import { createMalformedHttpHandler } from './malformed-http.ts';
import './request-facts.ts';
import { clientInteractionId, INTERACTION_HEADER, requestLineFault } from './request-faults.ts';
import { enterTrace, isTracing, openTrace } from '../tracing/tracing.ts';
import { endRequest, isTraced } from './request-log.ts';
import { trackActiveRequests } from './active-requests.ts';
import { type Door, recordRoutes, type RouteTable } from './route-table.ts';

/** The most time for active requests to end while draining. */
export const DRAIN_MILLIS = 20_000;

/** The most time for clients to close their connections while retiring: longer than a connection may be idle. */
export const RETIRE_MILLIS = 80_000;

export const MAX_CONNECTIONS_DEFAULT = 1_000;

const NO_ORIGINS: ReadonlySet<string> = new Set();

export interface HttpServiceOptions {
  readonly logger: Logger;
  /** Counts the requests. Default: nobody counts them. */
  readonly metrics?: RequestMetrics;
  /** The service in the spans of requests. Default: requests have none. */
  readonly tracedAs?: string;
  /** The most bytes of a request body; default 100 KiB. */
  readonly bodyLimitBytes?: number;
  /** The most connections at the same time; default 1,000. */
  readonly maxConnections?: number;
  /** Origins whose scripts may read the answers, such as `https://app.example`; default none. */
  readonly corsOrigins?: ReadonlySet<string>;
  /** The headers of every answer; default: those of an answer about a person. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Shorter times for tests. */
  readonly times?: Partial<HttpTimes> & { readonly answerMillis?: number };
}

/** The HTTP server of a process: interaction ids, errors of the closed table, one log line a request, draining. */
export interface HttpService {
  readonly app: FastifyInstance;
  /**
   * Refuses new requests with SERVICO_ENCERRANDO and closes the server once active requests are answered, or after
   * `DRAIN_MILLIS`.
   */
  drain(): Promise<void>;
  /**
   * Accepts no further connection. Requests of those that are open are answered, and each answer asks the client to close its
   * connection. Resolves when all are closed, or after 80 s.
   */
  retire(): Promise<void>;
  isDraining(): boolean;
}

export function createHttpService({
  logger,
  metrics,
  tracedAs,
  bodyLimitBytes = 100 * 1024,
  maxConnections = MAX_CONNECTIONS_DEFAULT,
  corsOrigins = NO_ORIGINS,
  headers = ANSWER_HEADERS,
  times = {},
}: HttpServiceOptions): HttpService {
  let hasDrainStarted = false;
  let isRetiring = false;
  const activeRequests = trackActiveRequests();
  metrics?.watchActive(() => activeRequests.count());
  const ending = { logger, metrics };
  const refuse = (error: PublicError, reply: FastifyReply): void =>
    void sendError(error, reply, { door: doorOf(reply.request, routes), logger });

  let server!: Server;
  const app: FastifyInstance = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false, // recordRoutes adds them
    logger: false,
    serverFactory: (handler) => (server = createHttpServer(handler, times)),
    // The route refuses a long parameter as an invalid value; fastify would answer that there is no such path.
    routerOptions: { maxParamLength: HEADERS_MAX_BYTES },
    clientErrorHandler: (error, socket) => malformedHttp.onClientError(error, socket),
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      refuse(toPublicError(error), reply);
    },
  });
  const routes = recordRoutes(app);
  const malformedHttp = createMalformedHttpHandler({ routes, activeRequests: activeRequests, refuse, headers, logger });
  malformedHttp.mount(server);
  const { answerMillis } = times;
  limitConnections(server, {
    maxConnections,
    activeRequests: activeRequests,
    logger,
    ...(answerMillis && { answerMillis }),
  });
  app.decorateRequest('facts');
  readJsonBodies(app);
  compressAnswers(app);

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    const interacao = clientInteractionId(request) ?? randomUUID();
    request.facts = { interactionId: interacao, startedAt: performance.now() };
    if (tracedAs !== undefined && isTracing()) trace(request, tracedAs);
    reply.headers(headers).header(INTERACTION_HEADER, interacao);
    // Only for routes for data, because one of our pages may contain a token.
    if (corsOrigins.size > 0 && doorOf(request, routes)) allowOrigin(request, reply, corsOrigins);
    // Node loses what follows an upgrade request in the same packet, so the connection must end.
    if (request.headers.upgrade !== undefined || isRetiring) reply.header('connection', 'close');
    activeRequests.add(reply, () => endRequest(reply, ending));
  }

  app.addHook('onRequest', (request, reply, done) => {
    beginServedRequest();
    begin(request, reply);
    if (hasDrainStarted && !request.routeOptions.url?.startsWith('/health')) {
      reply.header('connection', 'close');
      return done(new PublicError('SERVICO_ENCERRANDO'));
    }
    if (activeRequests.on(request.raw.socket).length > PIPELINED_MAX) {
      return done(
        new PublicError('LIMITE_EXCEDIDO', {
          detail: 'There are too many requests at the same time on this connection.',
        }),
      );
    }
    const fault = requestLineFault(request);
    if (fault) return done(fault);
    if (request.is404) return answerUnknown(request, reply, routes, done);
    done();
  });
  app.addHook('preParsing', ({ headers }, { raw }, _payload, done) => {
    if (headers.expect !== undefined) raw.writeContinue();
    done();
  });
  app.setErrorHandler<FastifyError | PublicError>((error, _request, reply) => {
    refuse(toPublicError(error), reply);
    return reply;
  });
  app.setNotFoundHandler((_request, reply) => {
    refuse(new PublicError('ROTA_DESCONHECIDA'), reply);
    return reply;
  });

  async function drain(): Promise<void> {
    hasDrainStarted = true;
    const deadline = performance.now() + DRAIN_MILLIS;
    while (activeRequests.count() > 0 && performance.now() < deadline) await sleep(20); // the port stays open to refuse new requests
    await app.close();
  }

  let draining: Promise<void> | undefined;
  return {
    app,
    drain: () => (draining ??= drain()),
    async retire() {
      isRetiring = true;
      // Not `server.close`, which also closes idle connections: a client may just be sending on one.
      NetServer.prototype.close.call(server);
      const deadline = performance.now() + RETIRE_MILLIS;
      while ((await connectionsOf(server)) > 0 && performance.now() < deadline) await sleep(50);
    },
    isDraining: () => hasDrainStarted,
  };
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));

/**
 * Prepares the trace of a request, in that of its client. Whoever finds out who sent the request begins it. The name is its route: the path
 * may have a CPF.
 */
function trace({ facts, headers, is404, method, routeOptions }: FastifyRequest, service: string): void {
  const route = is404 ? '(none)' : routeOptions?.url;
  const request = { name: `${method} ${route}`, service, startedAt: facts.startedAt };
  const opened = isTraced(route) ? openTrace(request, headers['traceparent']) : undefined;
  if (opened) facts.trace = opened;
  enterTrace(opened);
}

/** Answers a request without a route: an unknown path, a method that the path does not accept, or OPTIONS. */
function answerUnknown(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  routes: RouteTable,
  done: (error?: Error) => void,
): void {
  const isForWholeServer = method === 'OPTIONS' && url === '*';
  const methods = isForWholeServer ? routes.methods() : routes.at(url)?.methods;
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
