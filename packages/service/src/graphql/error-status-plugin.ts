import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { isPublicErrorCode, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import type { OperationDefinitionNode } from 'graphql';
import { publicGraphQLError } from './public-graphql-error.ts';

/** Refusals of a request as a whole, which have their HTTP status; an error of execution travels with 200. */
const refusals: ReadonlySet<PublicErrorCode> = new Set([
  'UNAUTHENTICATED',
  'FINALIDADE_AUSENTE',
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

/** As many as validation reports; a list of bad variables would otherwise be answered with an error for each. */
const ERRORS_MAX = 5;

/** HTTP statuses that say more than the table's 400: method, media type. */
const ownStatuses: ReadonlySet<number | undefined> = new Set([405, 406, 415]);

/**
 * The HTTP status that goes with the errors (docs/errors.md): that of the first error's code when the request was
 * refused as a whole, 200 when it was executed. Also refuses a document whose operation to run is not clear, which a
 * gateway turns into HTTP 500.
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
          if (isPublicErrorCode(code) && refusals.has(code)) {
            body.singleResult = { errors };
            if (!ownStatuses.has(http.status)) http.status = publicErrors[code].status;
          } else {
            body.singleResult = { errors, data: null };
            http.status = 200;
          }
        },
      };
    },
  };
}
