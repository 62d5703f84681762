import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { personRequests } from '../graphql/requested-people.ts';
import type { Variables } from '../graphql/selection.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { RequestFacts } from '../http/request-facts.ts';
import type { ClientLimits } from './client-limits.ts';

/** An operation that Apollo Server has parsed, validated and chosen. */
export interface ResolvedOperation<Context> {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables;
  readonly contextValue: Context;
}

/** Counts an operation for its client. The promise rejects with RATE_LIMITED when a quota would be passed. */
export type AdmitOperation<Context> = (operation: ResolvedOperation<Context>) => Promise<void>;

/** Waits until a request about so many people may run. @throws PublicError RATE_LIMITED when that takes too long */
export type TakeRoom = (facts: RequestFacts, people: number) => Promise<void>;

/**
 * @param options.costOf the points of an operation; default: 1 for each
 * @param options.isCounted whether the operation counts; false when the caller has counted it. Default: always
 * @param options.takeRoom waits for room after the operation was counted. Default: there is room
 */
export const operationAdmission =
  <Context extends RequestContext>(
    limits: ClientLimits,
    options: {
      costOf?: (operation: ResolvedOperation<Context>) => number;
      isCounted?: (context: Context) => boolean;
      takeRoom?: TakeRoom;
    } = {},
  ): AdmitOperation<Context> =>
  async (operation) => {
    const { document, contextValue, variables } = operation;
    if (options.isCounted?.(contextValue) === false) return;
    const people = personRequests(document, operation.operation, variables).map(({ cpf }) => cpf);
    const { facts, viewer } = contextValue;
    await limits.admitOperation(facts, viewer.clientId, { people, cost: Math.ceil(options.costOf?.(operation) ?? 1) });
    await options.takeRoom?.(facts, people.length);
  };

/** Counts each operation before it is executed. */
export function rateLimitPlugin<Context extends BaseContext>(
  admit: AdmitOperation<Context>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request: { variables = {} }, contextValue }) {
          if (operation) await admit({ document, operation, variables, contextValue });
        },
      };
    },
  };
}
