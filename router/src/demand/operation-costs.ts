import { definitionsUsedBy, type Variables, variablesOf } from '@pessoa/service/graphql/selection';
import { type DocumentNode, getOperationAST, GraphQLError, type OperationDefinitionNode } from 'graphql';
import { conditionVariables } from 'graphql-jwt-guard';
import { answerCost } from './answer-cost.ts';
import { compileCost, type CostPlan } from './cost-plan.ts';
import { CostRules } from './cost-rules.ts';
import { evaluate } from './term.ts';

/** What an operation can cost at most. */
export interface OperationCost {
  /** The weights of its reads, and of all objects that it can answer. At least 1; Infinity when it is too large to plan. */
  readonly estimate: number;
  /** Reads of sources. The number of people does not matter: one read serves all. */
  readonly reads: number;
}

/** Plans of one operation. There are as many as combinations of conditions; the oldest go first. */
const PLANS_MAX = 64;

interface KnownOperation {
  readonly conditions: readonly string[];
  /** By the values of the conditions. */
  readonly plans: Map<string, CostPlan>;
}

/** Estimates the costs of operations on one supergraph. It compiles an operation once, as long as the operation lives. */
export class OperationCosts {
  readonly #rules: CostRules;
  readonly #known = new WeakMap<OperationDefinitionNode, KnownOperation>();

  /** @throws Error for a supergraph whose cost directives cannot be used */
  constructor(supergraphSdl: string) {
    this.#rules = new CostRules(supergraphSdl);
  }

  /**
   * @param document valid on the supergraph's API schema
   * @param variables as sent; where a variable that tells the size of a list is missing, its assumed size counts
   */
  estimate(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): OperationCost {
    const values = variablesOf(operation, variables);
    const plan = this.#planOf(document, operation, values);
    return { estimate: evaluate(plan.total, values), reads: plan.reads.length };
  }

  /** The part of the estimate for the people that an operation asks for, without anything of theirs. */
  peopleCost(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
    const values = variablesOf(operation, variables);
    return evaluate(this.#planOf(document, operation, values).people, values);
  }

  /** What an answer cost, by the weights of the estimate. @param data of the answer */
  actual(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables, data: unknown): number {
    const values = variablesOf(operation, variables);
    return answerCost(this.#planOf(document, operation, values), values, data);
  }

  #planOf(document: DocumentNode, operation: OperationDefinitionNode, values: Variables): CostPlan {
    let known = this.#known.get(operation);
    if (!known) {
      const conditions = conditionVariables(definitionsUsedBy(document, operation));
      this.#known.set(operation, (known = { conditions, plans: new Map() }));
    }
    const key = known.conditions.map((name) => (values[name] === true ? '1' : '0')).join('');
    let plan = known.plans.get(key);
    if (!plan) {
      plan = compileCost(this.#rules, document, operation, values);
      if (known.plans.size >= PLANS_MAX) known.plans.delete(known.plans.keys().next().value ?? '');
      known.plans.set(key, plan);
    }
    return plan;
  }
}

/**
 * The cost of an operation, without a server.
 *
 * @param supergraph composed SDL, or `OperationCosts` of it, which reads the SDL once for many operations
 * @param operationName needed when the document has several operations
 * @throws GraphQLError when the document has no such operation
 */
export function operationCost(
  supergraph: string | OperationCosts,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Variables,
): OperationCost {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new GraphQLError('the document has no such operation, or several and no name');
  const costs = typeof supergraph === 'string' ? new OperationCosts(supergraph) : supergraph;
  return costs.estimate(document, operation, variables);
}
