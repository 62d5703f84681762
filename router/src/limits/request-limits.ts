import type { BaseContext } from '@apollo/server';
import { type ConstantPlugin, constantPlugin } from '@pessoa/service/graphql/constant-plugin';
import type { AdmitOperation } from '@pessoa/service/limits/rate-limit-plugin';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { checkArgumentLimits } from './argument-limits.ts';
import type { CostContext, DemandControl } from '../demand/demand-control.ts';
import { checkVariables } from './variable-check.ts';

/** A request whose operation is resolved. */
export interface ResolvedRequest<Context> {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly request: { readonly variables?: Record<string, unknown> | undefined };
  readonly schema: GraphQLSchema;
  readonly contextValue: Context;
}

/** In the context of a request that was checked: whether its client may send it now. */
const ADMISSION = Symbol('admission');
interface AdmittedContext {
  [ADMISSION]?: Promise<void>;
}

/**
 * Refuses an operation with bad arguments or variables, then one that could cost too much, and then one that its client may
 * not send now, before the gateway plans it.
 */
export class RequestLimits<Context extends BaseContext & CostContext> {
  readonly #demand: DemandControl | undefined;
  readonly #admit: AdmitOperation<Context> | undefined;

  /**
   * @param demand default: no limit of the cost
   * @param admit gets operations that no other check refuses; default: every client may send as much as it wants
   */
  constructor(demand?: DemandControl, admit?: AdmitOperation<Context>) {
    this.#demand = demand;
    this.#admit = admit;
  }

  /** Counts nothing. @throws GraphQLError or PublicError for what is refused whoever sends it, and however often */
  check({ document, operation, request: { variables = {} }, schema, contextValue }: ResolvedRequest<Context>): void {
    checkArgumentLimits(document, operation, variables);
    checkVariables(schema, document, operation, variables);
    // The price is that of what the caller may run: `OperationAccess.decide` decides it here, and the gateway finds it in the context.
    this.#demand?.checkCost({ document, operation, request: { variables }, contextValue });
  }

  /** Counts an operation for its client, once for each context. @throws PublicError RATE_LIMITED */
  admit({ document, operation, request: { variables = {} }, contextValue }: ResolvedRequest<Context>): Promise<void> {
    const admitted = contextValue as AdmittedContext;
    return (admitted[ADMISSION] ??=
      this.#admit?.({ document, operation, variables, contextValue }) ?? Promise.resolve());
  }

  readonly plugin: ConstantPlugin<Context> = constantPlugin<Context>({
    didResolveOperation: async ({ document, operation, request, schema, contextValue }) => {
      if (!operation) return;
      const resolved = { document, operation, request, schema, contextValue };
      if (!(ADMISSION in contextValue)) this.check(resolved);
      await this.admit(resolved);
    },
  });
}
