import { isPublicErrorCode } from '@pessoa/domain/errors';
import { answerRest } from '@pessoa/rest/answer';
import type { RestRoute } from '@pessoa/rest/rest-route';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '../identity/authentication.ts';
import type { Viewer } from '../identity/viewer.ts';
import { authenticateFirst, viewerOfRequest } from './authenticate-first.ts';
import type { WithGraph } from './graph.ts';
import type { RequestContext } from './request-context.ts';
import { runOperation } from './run-operation.ts';

/** Mounts REST routes. The graph that answers GraphQL executes their operations. */
export function mountRest<Context extends RequestContext>(
  app: FastifyInstance,
  options: {
    withGraph: WithGraph<Context>;
    routes: readonly RestRoute[];
    authenticate: Authenticate;
    contextOf: (viewer: Viewer, request: FastifyRequest) => Context;
    /** Called when the request is read, before it is executed; default: it is executed at once. */
    takeTurn?: preHandlerAsyncHookHandler | undefined;
  },
): void {
  const { withGraph, routes, authenticate, contextOf, takeTurn } = options;
  for (const route of routes) {
    app.get(
      route.path.replace('{cpf}', ':cpf'),
      {
        config: { door: 'rest' },
        onRequest: [noteRoute(route), authenticateFirst(authenticate)],
        ...(takeTurn && { preHandler: takeTurn }),
      },
      async (request, reply) => {
        const params = {
          pathParams: request.params as Record<string, string>,
          query: request.query as Record<string, string | string[]>,
        };
        let headers = {};
        const answer = await withGraph(request.facts, (graph) => {
          const contextValue = contextOf(viewerOfRequest(request), request); // its time begins here
          return answerRest(route, params, async (operation) => {
            const result = await runOperation(graph, operation, contextValue);
            headers = result.headers;
            return result.body;
          });
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
