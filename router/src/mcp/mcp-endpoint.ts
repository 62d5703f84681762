import { PublicError } from '@pessoa/domain/errors';
import { authenticateFirst, viewerOfRequest } from '@pessoa/service/http/authenticate-first';
import type { RequestFacts } from '@pessoa/service/http/request-facts';
import { runOperation } from '@pessoa/service/http/run-operation';
import type { Authenticate } from '@pessoa/service/identity/authentication';
import type { Viewer } from '@pessoa/service/identity/viewer';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import type { RouterContext } from '../router-context.ts';
import type { RouterGraph } from '../supergraph/router-graph.ts';
import type { CallTool } from './mcp-server.ts';
import type { OperationTool } from './tools.ts';

/** The name in the log of a message that runs no operation. */
const NO_OPERATION = '(mcp)';

export interface McpOptions {
  readonly withGraph: <T>(facts: RequestFacts, work: (graph: RouterGraph) => Promise<T>) => Promise<T>;
  readonly authenticate: Authenticate;
  readonly contextOf: (viewer: Viewer, request: FastifyRequest) => RouterContext;
  readonly takeTurn: preHandlerAsyncHookHandler;
  /** Pages of these origins may use it; those of others may not. Clients that are no browsers send no origin. */
  readonly origins: ReadonlySet<string>;
}

/**
 * Mounts `POST /mcp`: the persisted operations as tools of MCP (streamable HTTP, without sessions). It is a door like REST: a message is a
 * request, with the checks of its token and its purpose, the quotas, the turn and the audit of every other request.
 */
export async function mountMcp(app: FastifyInstance, options: McpOptions): Promise<void> {
  const { withGraph, authenticate, contextOf, takeTurn, origins } = options;
  // Read only where it is used: a router without MCP does not load the SDK.
  const { answerMessage } = await import('./mcp-server.ts');
  app.post(
    '/mcp',
    {
      config: { door: 'rest' },
      onRequest: [refuseOtherOrigins(origins), authenticateFirst(authenticate)],
      preHandler: takeTurn,
    },
    async (request, reply) => {
      const { body, facts, headers } = request;
      if (Array.isArray(body))
        throw new PublicError('LIMITE_EXCEDIDO', { detail: 'Send one message for each request.' });
      const answer = await withGraph(facts, (graph) => {
        const context = contextOf(viewerOfRequest(request), request); // its time begins here
        const callTool: CallTool = async (tool, variables) =>
          toResult(unknownArguments(tool, variables) ?? (await run(graph, tool, variables, context)));
        const version = headers['mcp-protocol-version'];
        return answerMessage(body, typeof version === 'string' ? version : undefined, {
          tools: graph.tools(),
          callTool,
        });
      });
      facts.operation ??= NO_OPERATION;
      return reply.code(answer.status).headers(answer.headers).send(answer.text);
    },
  );
}

/** A page of another site may reach this address by a name of its own (DNS rebinding); its browser then says so in `Origin`. */
const refuseOtherOrigins =
  (origins: ReadonlySet<string>): onRequestHookHandler =>
  ({ headers: { origin } }, _reply, done) =>
    origin === undefined || origins.has(origin) ? done() : done(new PublicError('ORIGEM_NAO_ACEITA'));

async function run(
  graph: RouterGraph,
  { operation: { body, name } }: OperationTool,
  variables: Readonly<Record<string, unknown>>,
  context: RouterContext,
): Promise<FormattedExecutionResult> {
  const operation = { query: body, operationName: name, variables };
  return (await runOperation(graph, operation, context)).body;
}

/** GraphQL ignores a variable that the operation does not have; a model that gives one means something by it. */
function unknownArguments(
  { inputSchema: { properties } }: OperationTool,
  variables: Readonly<Record<string, unknown>>,
): FormattedExecutionResult | undefined {
  const names = Object.keys(properties as object);
  if (Object.keys(variables).every((name) => names.includes(name))) return undefined;
  const known = names.map((name) => `\`${name}\``).join(', ');
  const message = `An argument is not known. This tool takes ${known || 'none'}.`;
  return { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] };
}

/** An answer with errors is an error for the model, which also sees what came, and how many errors were left out. */
function toResult({ data, errors, extensions }: FormattedExecutionResult): Awaited<ReturnType<CallTool>> {
  const structuredContent = {
    ...(data !== undefined && { data }),
    ...(errors && { errors }),
    ...(extensions && { extensions }),
  };
  return {
    content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
    structuredContent,
    isError: errors !== undefined,
  };
}
