import { isPublicErrorCode } from '@pessoa/domain/errors';
import { firstRefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import type {
  DocumentNode,
  GraphQLError,
  GraphQLFormattedError,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { RequestContext } from '../http/request-context.ts';
import type { RequestFacts } from '../http/request-facts.ts';
import type { Logger } from '../logging/logger.ts';
import { schemaPath } from './fields-at-path.ts';
import { type ConstantPlugin, constantPlugin } from './constant-plugin.ts';
import type { OperationNamer } from './operation-name.ts';

/** The most log lines for the errors of one request: an answer may have thousands of errors, most of them with one cause. */
const CAUSES_MAX = 10;

/** Apollo Server's code for a request that is not GraphQL. The client caused it, so it is not logged. */
const NOT_GRAPHQL = 'BAD_REQUEST';

function codeOf({ extensions, originalError }: GraphQLError): unknown {
  return (originalError as { code?: unknown } | undefined)?.code ?? extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
}

const isOurBug = (code: unknown): boolean =>
  code === 'INTERNAL_SERVER_ERROR' || !(isPublicErrorCode(code) || code === NOT_GRAPHQL);

/** The error to log; undefined when the client caused it, or when a source failed in a known way. */
function causeToLog(error: GraphQLError): unknown {
  const cause = error.originalError ?? error;
  return isOurBug(codeOf(error)) ? cause : cause.cause;
}

/** An execution with errors. */
export interface FailedExecution<Context> {
  readonly errors: readonly GraphQLError[];
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly contextValue: Context;
}

/** Records the operation, the first error code and the reason for the request's log line, and logs the causes of errors. */
export function factsPlugin<Context extends RequestContext>(
  logger: Logger,
  nameOf: OperationNamer,
): ConstantPlugin<Context> {
  // Naming a document costs an HMAC, so the name is cached as long as the server keeps the document.
  const names = new WeakMap<DocumentNode, string>();
  const nameOnce = (document: DocumentNode, queryHash: string): string => {
    const cachedName = names.get(document);
    if (cachedName !== undefined) return cachedName;
    const name = nameOf(queryHash);
    names.set(document, name);
    return name;
  };
  const logErrors = errorLogger<Context>(logger);
  return constantPlugin({
    async didResolveOperation({ contextValue, document, queryHash }) {
      contextValue.facts.operation ??= nameOnce(document, queryHash);
      contextValue.facts.way = 'apollo';
    },
    async didEncounterErrors(failed) {
      logErrors(failed);
    },
    async willSendResponse({ contextValue, response }) {
      if (response.body.kind === 'single') noteErrors(contextValue.facts, response.body.singleResult.errors ?? []);
    },
  });
}

/** Also of a document that could not be read. */
type UnresolvedFailure<Context> = Omit<FailedExecution<Context>, 'document' | 'operation'> & {
  readonly document?: DocumentNode | undefined;
  readonly operation?: OperationDefinitionNode | null | undefined;
};

/** Makes the function that logs the causes of errors, each once. */
export const errorLogger =
  <Context extends RequestContext>(logger: Logger) =>
  ({ contextValue, errors, document, operation, schema }: UnresolvedFailure<Context>): void => {
    const pathOf = ({ path }: GraphQLError): string | undefined =>
      path && document && operation ? schemaPath(path, document, operation, schema) : undefined;
    const causes = new Map<unknown, GraphQLError>();
    for (const error of errors) {
      const cause = causeToLog(error);
      if (cause !== undefined && !causes.has(cause)) causes.set(cause, error);
    }
    const { interactionId: interacao } = contextValue.facts;
    for (const [err, error] of [...causes].slice(0, CAUSES_MAX)) {
      const codigo = codeOf(error);
      const caminho = pathOf(error);
      if (isOurBug(codigo)) logger.error({ interacao, caminho, err });
      else logger.warn({ interacao, caminho, codigo, err });
    }
    if (causes.size > CAUSES_MAX) logger.warn({ interacao, omitidos: causes.size - CAUSES_MAX }, 'more errors');
  };

/** Records the first code of the closed table and the reason of a refusal. */
export function noteErrors(facts: RequestFacts, errors: readonly GraphQLFormattedError[]): void {
  const code = errors[0]?.extensions?.['code'];
  if (isPublicErrorCode(code)) facts.code ??= code;
  const reason = firstRefusalReason(errors.map(({ extensions }) => refusalReasonOf(extensions?.['code'], extensions)));
  facts.motivo ??= reason?.motivo;
  facts.scopes ??= reason?.escopos;
}
