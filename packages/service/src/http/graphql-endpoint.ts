import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '../identity/authentication.ts';
import type { Viewer } from '../identity/viewer.ts';
import { authenticateFirst, viewerOfRequest } from './authenticate-first.ts';
import { checkParameters, type OperationParameters } from './graphql-parameters.ts';
import type { RequestContext } from './request-context.ts';

/** Mounts `GET` and `POST /graphql`. Token and purpose are checked first, then Apollo Server answers. */
export function mountGraphql<Context extends RequestContext>(
  app: FastifyInstance,
  options: {
    server: ApolloServer<Context>;
    authenticate: Authenticate;
    contextOf: (viewer: Viewer, request: FastifyRequest) => Context;
    /** Called when the request is read, before it is executed; default: it is executed at once. */
    takeTurn?: preHandlerAsyncHookHandler | undefined;
    /** A check before the token is checked and the body is read; default: none. */
    admit?: onRequestHookHandler;
    /** Throws a `PublicError` for an operation that may not run, before it is parsed; default: each may. */
    checkPersisted?: (parameters: OperationParameters) => void;
  },
): void {
  const { server, authenticate, contextOf, takeTurn, admit, checkPersisted } = options;
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    config: { door: 'graphql' },
    onRequest: [...(admit ? [admit] : []), authenticateFirst(authenticate)],
    ...(takeTurn && { preHandler: takeTurn }),
    handler: async (request, reply) => {
      const parameters = checkParameters(request);
      checkPersisted?.(parameters);
      const queryStart = request.url.indexOf('?');
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method === 'POST' ? 'POST' : 'GET', // a HEAD is a GET whose answer has no body
          headers: headerMap(request.headers),
          search: queryStart === -1 ? '' : request.url.slice(queryStart),
          body: request.body,
        },
        context: async () => contextOf(viewerOfRequest(request), request),
      });
      for (const [name, value] of answer.headers) reply.header(name, value);
      if (answer.body.kind !== 'complete') throw new Error('incremental delivery is not part of this graph');
      return reply.code(answer.status ?? 200).send(answer.body.string);
    },
  });
}

function headerMap(headers: FastifyRequest['headers']): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return map;
}
