import type { ApolloServer, GraphQLRequest } from '@apollo/server';
import { isPublicErrorCode } from '@pessoa/domain/errors';
import { answerRest, type RestOperation } from '@pessoa/rest/answer';
import type { RestRoute } from '@pessoa/rest/rest-route';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '../identity/authentication.ts';
import type { Viewer } from '../identity/viewer.ts';
import { authenticateFirst, viewerOfRequest } from './authenticate-first.ts';
import type { RequestContext } from './request-context.ts';

/** Mounts REST routes. The Apollo Server that answers GraphQL executes their operations. */
export function mountRest<Context extends RequestContext>(
  app: FastifyInstance,
  options: {
    server: ApolloServer<Context>;
    routes: readonly RestRoute[];
    authenticate: Authenticate;
    contextOf: (viewer: Viewer, request: FastifyRequest) => Context;
    /** Called when the request is read, before it is executed; default: it is executed at once. */
    takeTurn?: preHandlerAsyncHookHandler | undefined;
    /** Makes the request to the server; default: it sends the document. */
    toRequest?: (operation: RestOperation) => GraphQLRequest;
  },
): void {
  const { server, routes, authenticate, contextOf, takeTurn, toRequest = (operation) => operation } = options;
  for (const route of routes) {
    app.get(
      route.path.replace('{cpf}', ':cpf'),
      {
        config: { door: 'rest' },
        onRequest: [noteRoute(route), authenticateFirst(authenticate)],
        ...(takeTurn && { preHandler: takeTurn }),
      },
      async (request, reply) => {
        const contextValue = contextOf(viewerOfRequest(request), request);
        const params = {
          pathParams: request.params as Record<string, string>,
          query: request.query as Record<string, string | string[]>,
        };
        let headers = {};
        const answer = await answerRest(route, params, async (operation) => {
          const { body, http } = await server.executeOperation(toRequest(operation), { contextValue });
          headers = Object.fromEntries(http.headers);
          if (body.kind !== 'single') throw new Error('incremental delivery is not part of this graph');
          return body.singleResult;
        });
        const { code } = answer.body as { code?: unknown };
        if (isPublicErrorCode(code)) request.facts.code = code;
        return reply
          .code(answer.status)
          .headers({ ...headers, ...answer.headers })
          .send(answer.body);
      },
    );
  }
}

const noteRoute =
  ({ name }: RestRoute): onRequestHookHandler =>
  ({ facts }, _reply, done) => {
    facts.operation = name;
    done();
  };
