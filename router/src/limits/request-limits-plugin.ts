import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { isPublicErrorCode } from '@pessoa/domain/errors';
import { publicGraphQLError } from '@pessoa/platform/graphql/public-graphql-error';
import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { checkArgumentLimits } from './argument-limits.ts';

/** Refuses an operation for its arguments and variables, before anything is planned or fetched. */
export function requestLimitsPlugin(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request, schema }) {
          if (!operation) return;
          const variables = request.variables ?? {};
          checkArgumentLimits(document, operation, variables);
          checkVariables(schema, operation, variables);
        },
      };
    },
  };
}

/**
 * The gateway coerces the variables too, but makes an error for each bad value: a body of 100 KB of them keeps a
 * processor busy for 0.6 s. One is enough to refuse.
 */
function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return;
  const [error] = getVariableValues(schema, definitions, variables, { maxErrors: 1 }).errors ?? [];
  if (!error) return;
  const code = error.extensions['code'];
  throw publicGraphQLError(isPublicErrorCode(code) ? code : 'BAD_USER_INPUT', { nodes: error.nodes ?? null });
}
