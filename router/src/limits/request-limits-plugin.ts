import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { AdmitOperation } from '@pessoa/service/limits/rate-limit-plugin';
import { checkArgumentLimits } from './argument-limits.ts';
import { checkVariables } from './variable-check.ts';

/**
 * Refuses an operation with bad arguments or variables, and then one that its client may not send now, before the gateway
 * plans it.
 *
 * @param admit gets operations that no other check refuses; default: every client may send as much as it wants
 */
export function requestLimitsPlugin<Context extends BaseContext>(
  admit?: AdmitOperation<Context>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request, schema, contextValue }) {
          if (!operation) return;
          const variables = request.variables ?? {};
          checkArgumentLimits(document, operation, variables);
          checkVariables(schema, document, operation, variables);
          await admit?.({ document, operation, variables, contextValue });
        },
      };
    },
  };
}
