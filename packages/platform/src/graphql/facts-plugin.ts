import type { ApolloServerPlugin } from '@apollo/server';
import { isPublicErrorCode } from '@pessoa/domain/errors';
import { firstRecusa, recusaOf } from '@pessoa/domain/motivo';
import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import type { RequestContext } from '../http/request-context.ts';
import type { Logger } from '../logging/logger.ts';
import { schemaPath } from './fields-at-path.ts';
import { redactText } from './redaction.ts';

const loggedNames = new WeakMap<OperationDefinitionNode, string>();

/** Its name is the client's own word, and may hold a CPF. Redacted once, for it is the same at every request. */
function loggedName(operation: OperationDefinitionNode): string {
  const known = loggedNames.get(operation);
  if (known !== undefined) return known;
  const name = redactText(operation.name?.value ?? '(anonymous)');
  loggedNames.set(operation, name);
  return name;
}

/** Notes the operation and its first error code for the request's log line, and the cause of our own bugs. */
export function factsPlugin<Context extends RequestContext>(logger: Logger): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, operation }) {
          contextValue.facts.operacao ??= operation ? loggedName(operation) : '(anonymous)';
        },
        async didEncounterErrors({ contextValue, errors, document, operation, schema }) {
          const pathOf = ({ path }: GraphQLError): string | undefined =>
            path && document && operation && schemaPath(path, document, operation, schema);
          for (const error of errors) {
            const cause = error.originalError ?? error;
            const { code = 'INTERNAL_SERVER_ERROR' } = { ...error.extensions, ...(cause as { code?: string }) } as {
              code?: string;
            };
            if (code === 'INTERNAL_SERVER_ERROR' || !isPublicErrorCode(code)) {
              logger.error({
                interacao: contextValue.facts.interacao,
                caminho: pathOf(error),
                err: cause,
              });
            } else if (cause.cause) {
              logger.warn({
                interacao: contextValue.facts.interacao,
                caminho: pathOf(error),
                codigo: code,
                err: cause.cause,
              });
            }
          }
        },
        async willSendResponse({ contextValue, response }) {
          if (response.body.kind !== 'single') return;
          const { errors = [] } = response.body.singleResult;
          const code = errors[0]?.extensions?.['code'];
          if (isPublicErrorCode(code)) contextValue.facts.codigo ??= code;
          const recusa = firstRecusa(errors.map(({ extensions }) => recusaOf(extensions?.['code'], extensions)));
          contextValue.facts.motivo ??= recusa?.motivo;
          contextValue.facts.escopos ??= recusa?.escopos;
        },
      };
    },
  };
}
