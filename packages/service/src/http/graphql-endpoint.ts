import { HeaderMap } from '@apollo/server';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  onRequestHookHandler,
  preHandlerAsyncHookHandler,
} from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { hasText, jsonOf } from '../graphql/json-text.ts';
import type { Authenticate } from '../identity/authentication.ts';
import type { Viewer } from '../identity/viewer.ts';
import { authenticateFirst, viewerOfRequest } from './authenticate-first.ts';
import type { KnownAnswer, WithGraph } from './graph.ts';
import { checkParameters, type OperationParameters } from './graphql-parameters.ts';
import type { RequestContext } from './request-context.ts';
import { takesPlainJson } from './request-faults.ts';

/** Mounts a door for GraphQL. `admit` comes first, then token and purpose. Then `answerKnown` answers, or Apollo Server. */
export function mountGraphql<Context extends RequestContext>(
  app: FastifyInstance,
  options: {
    withGraph: WithGraph<Context>;
    authenticate: Authenticate;
    contextOf: (viewer: Viewer, request: FastifyRequest) => Context;
    /** Called when the request is read, before it is executed; default: it is executed at once. */
    takeTurn?: preHandlerAsyncHookHandler | undefined;
    /** Checks before the token is checked and the body is read, in their order; default: none. */
    admit?: readonly (onRequestHookHandler | onRequestAsyncHookHandler)[];
    /** Default: `/graphql`. */
    url?: string;
    /** Default: GET and POST. */
    methods?: ('GET' | 'POST')[];
    /** Checks which operation it is, in place of the graph's `checkPersisted`. */
    checkOperation?: (parameters: OperationParameters) => void;
  },
): void {
  const { withGraph, authenticate, contextOf, takeTurn, admit = [], checkOperation } = options;
  const { url = '/graphql', methods = ['GET', 'POST'] } = options;
  app.route({
    method: methods,
    url,
    config: { door: 'graphql' },
    onRequest: [...admit, authenticateFirst(authenticate)],
    ...(takeTurn && { preHandler: takeTurn }),
    handler: async (request, reply) => {
      const parameters = checkParameters(request);
      return withGraph(request.facts, async (graph) => {
        if (checkOperation) checkOperation(parameters);
        else graph.checkPersisted?.(parameters);
        const context = contextOf(viewerOfRequest(request), request);
        if (graph.answerKnown && request.method === 'POST' && takesPlainJson(request)) {
          const known = await graph.answerKnown(parameters, context, true);
          if (known) return sendKnown(reply, known);
        }
        const queryStart = request.url.indexOf('?');
        const answer = await graph.server.executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: request.method === 'POST' ? 'POST' : 'GET', // a HEAD is a GET whose answer has no body
            headers: headerMap(request.headers),
            search: queryStart === -1 ? '' : request.url.slice(queryStart),
            body: request.body,
          },
          context: async () => context,
        });
        for (const [name, value] of answer.headers) reply.header(name, value);
        if (answer.body.kind !== 'complete') throw new Error('incremental delivery is not part of this graph');
        return reply.code(answer.status ?? 200).send(answer.body.string);
      });
    },
  });
}

/** As Apollo Server writes an answer. */
export function toText({ errors, data, extensions }: FormattedExecutionResult): string {
  const isText = !errors && !extensions && hasText(data);
  return `${isText ? `{"data":${jsonOf(data)}}` : JSON.stringify({ errors, data, extensions })}\n`;
}

function sendKnown(reply: FastifyReply, { status = 200, headers, body }: KnownAnswer): FastifyReply {
  if (headers) for (const [name, value] of headers) reply.header(name, value);
  return reply.code(status).type('application/json; charset=utf-8').send(toText(body));
}

function headerMap(headers: FastifyRequest['headers']): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return map;
}
