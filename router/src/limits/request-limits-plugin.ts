import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { checkArgumentLimits } from './argument-limits.ts';
import { checkVariables } from './variable-check.ts';

/** Refuses an operation with bad arguments or variables before the gateway plans it. */
export function requestLimitsPlugin(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request, schema }) {
          if (!operation) return;
          const variables = request.variables ?? {};
          checkArgumentLimits(document, operation, variables);
          checkVariables(schema, document, operation, variables);
        },
      };
    },
  };
}
