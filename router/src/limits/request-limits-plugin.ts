import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { AdmitOperation } from '@pessoa/service/limits/rate-limit-plugin';
import { checkArgumentLimits } from './argument-limits.ts';
import type { CostContext, DemandControl } from '../demand/demand-control.ts';
import { checkVariables } from './variable-check.ts';

/**
 * Refuses an operation with bad arguments or variables, then one that could cost too much, and then one that its client may
 * not send now, before the gateway plans it.
 *
 * @param demand default: no limit of the cost
 * @param admit gets operations that no other check refuses; default: every client may send as much as it wants
 */
export function requestLimitsPlugin<Context extends BaseContext & CostContext>(
  demand?: DemandControl,
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
          demand?.admit({ document, operation, request, contextValue });
          await admit?.({ document, operation, variables, contextValue });
        },
      };
    },
  };
}
