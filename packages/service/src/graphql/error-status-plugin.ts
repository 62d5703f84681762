import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { isPublicErrorCode, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import type { OperationDefinitionNode } from 'graphql';
import { publicGraphQLError } from './public-graphql-error.ts';

/** Codes that refuse a whole request with the HTTP status of the table. Errors of execution are sent with 200. */
const requestErrors: ReadonlySet<PublicErrorCode> = new Set([
  'UNAUTHENTICATED',
  'FINALIDADE_AUSENTE',
  'SIGILO_INADMISSIVEL',
  'CPF_INVALIDO',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'LIMITE_EXCEDIDO',
  'RATE_LIMITED',
  'SERVICO_ENCERRANDO',
]);

/** The most errors of a refused request, as in validation: our own rules for documents run apart from it. */
const ERRORS_MAX = 5;

/** HTTP statuses about the method or the media type, which are more precise than 400. */
const protocolStatuses: ReadonlySet<number | undefined> = new Set([405, 406, 415]);

/**
 * Sets the HTTP status (docs/errors.md): that of the first error when the whole request was refused, otherwise 200. It also
 * refuses a document when it is unclear which operation to run, because the gateway would answer that with HTTP 500.
 */
export function errorStatusPlugin(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation }: { operation?: OperationDefinitionNode }) {
          if (!operation) throw publicGraphQLError('OPERATION_RESOLUTION_FAILURE');
        },
        async willSendResponse({ response: { body, http } }) {
          if (body.kind !== 'single' || body.singleResult.data !== undefined) return;
          const errors = body.singleResult.errors?.slice(0, ERRORS_MAX) ?? [];
          const code = errors[0]?.extensions?.['code'];
          if (isPublicErrorCode(code) && requestErrors.has(code)) {
            body.singleResult = { errors };
            if (!protocolStatuses.has(http.status)) http.status = publicErrors[code].status;
          } else {
            body.singleResult = { errors, data: null };
            http.status = 200;
          }
        },
      };
    },
  };
}
