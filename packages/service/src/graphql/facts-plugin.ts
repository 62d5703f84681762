import type { ApolloServerPlugin } from '@apollo/server';
import { isPublicErrorCode } from '@pessoa/domain/errors';
import { firstRefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import type { DocumentNode, GraphQLError } from 'graphql';
import type { RequestContext } from '../http/request-context.ts';
import type { Logger } from '../logging/logger.ts';
import { schemaPath } from './fields-at-path.ts';
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

/** Records the operation, the first error code and the reason for the request's log line, and logs the causes of errors. */
export function factsPlugin<Context extends RequestContext>(
  logger: Logger,
  nameOf: OperationNamer,
): ApolloServerPlugin<Context> {
  // Naming a document costs an HMAC, so the name is cached as long as the server keeps the document.
  const names = new WeakMap<DocumentNode, string>();
  const nameOnce = (document: DocumentNode, queryHash: string): string => {
    const cachedName = names.get(document);
    if (cachedName !== undefined) return cachedName;
    const name = nameOf(queryHash);
    names.set(document, name);
    return name;
  };
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, document, queryHash }) {
          contextValue.facts.operation ??= nameOnce(document, queryHash);
        },
        async didEncounterErrors({ contextValue, errors, document, operation, schema }) {
          const pathOf = ({ path }: GraphQLError): string | undefined =>
            path && document && operation && schemaPath(path, document, operation, schema);
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
        },
        async willSendResponse({ contextValue, response }) {
          if (response.body.kind !== 'single') return;
          const { errors = [] } = response.body.singleResult;
          const code = errors[0]?.extensions?.['code'];
          if (isPublicErrorCode(code)) contextValue.facts.code ??= code;
          const reason = firstRefusalReason(
            errors.map(({ extensions }) => refusalReasonOf(extensions?.['code'], extensions)),
          );
          contextValue.facts.motivo ??= reason?.motivo;
          contextValue.facts.scopes ??= reason?.escopos;
        },
      };
    },
  };
}
