import type { ApolloServerPlugin, BaseContext, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { publicGraphQLError } from '@pessoa/service/graphql/public-graphql-error';
import type { Variables } from '@pessoa/service/graphql/selection';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { OperationAccess } from '../authorization/operation-access.ts';
import type { OperationCost, OperationCosts } from './operation-costs.ts';

/** What the context of a request holds of its cost. */
export interface CostContext {
  /** Whether the client wants to be told. Default: false. */
  readonly wantsCost?: boolean;
  /** Set before an operation is planned: plugins that run after `RequestLimits` find it here. */
  cost?: OperationCost;
}

export interface DemandOptions {
  readonly access: OperationAccess;
  readonly costs: OperationCosts;
  /** The highest estimate that is allowed. */
  readonly maxCost: number;
}

/** A request whose operation is resolved. */
interface OperationRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly request: { readonly variables?: Variables };
  readonly contextValue: CostContext;
}

/** What is left of an operation for its caller. */
interface PricedOperation {
  /** Undefined when everything is denied. */
  readonly left: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode } | undefined;
  readonly variables: Variables;
  readonly people: number;
}

/** Refuses operations that could cost too much, before they are planned. */
export class DemandControl {
  readonly #options: DemandOptions;

  constructor(options: DemandOptions) {
    this.#options = options;
  }

  /**
   * Also tells the context the cost.
   *
   * @throws GraphQLError LIMITE_EXCEDIDO above `maxCost`, BAD_USER_INPUT where a list needs one slicing argument
   */
  checkCost(resolved: OperationRequest): void {
    const { maxCost } = this.#options;
    const cost = this.#costOf(resolved);
    resolved.contextValue.cost = cost;
    if (cost.estimate <= maxCost) return;
    throw publicGraphQLError('LIMITE_EXCEDIDO', {
      detail: `This operation may cost ${costText(cost.estimate)}; at most ${maxCost} is allowed.`,
    });
  }

  /** Tells the cost in `x-cost-estimate` and `x-cost-actual`, if the client wants it. */
  plugin(): ApolloServerPlugin<CostContext & BaseContext> {
    const listener = {
      willSendResponse: async ({ document, operation, request, response, contextValue }: Answered) => {
        const { cost, wantsCost } = contextValue;
        if (!wantsCost || !cost || !document || !operation) return;
        response.http.headers.set('x-cost-estimate', costText(cost.estimate));
        if (response.body.kind !== 'single' || response.body.singleResult.data === undefined) return;
        const { data } = response.body.singleResult;
        const actual = this.#actualOf({ document, operation, request, contextValue }, data);
        response.http.headers.set('x-cost-actual', costText(actual));
      },
    };
    return { requestDidStart: async () => listener };
  }

  #costOf(resolved: OperationRequest): OperationCost {
    const { left, variables, people } = this.#price(resolved);
    if (!left) return { estimate: people, reads: 0 };
    const { estimate, reads } = this.#options.costs.estimate(left.document, left.operation, variables);
    return { estimate: Math.max(estimate, people), reads };
  }

  #actualOf(resolved: OperationRequest, data: unknown): number {
    const { left, variables, people } = this.#price(resolved);
    if (!left) return people;
    return Math.max(this.#options.costs.actual(left.document, left.operation, variables, data), people);
  }

  /**
   * What the guard takes out costs nothing, because nothing fetches it. The people cost in any case: each is a record of
   * the audit, also when everything is denied.
   */
  #price({ document, operation, request, contextValue: context }: OperationRequest): PricedOperation {
    const { access, costs } = this.#options;
    const { variables = {} } = request;
    const guarded = access.decide({ document, operation, variables, context });
    if (!guarded.isChanged) return { left: { document, operation }, variables, people: 0 };
    const people = costs.peopleCost(document, operation, variables);
    const isLeft = guarded.document && guarded.operation;
    return {
      left: isLeft ? { document: guarded.document, operation: guarded.operation } : undefined,
      variables,
      people,
    };
  }
}

type Answered = GraphQLRequestContextWillSendResponse<CostContext & BaseContext>;

/** No answer has a number as long as a CPF. */
const TOLD_MAX = 1_000_000_000;

const costText = (cost: number): string => (cost > TOLD_MAX ? `more than ${TOLD_MAX}` : String(cost));
