import type { GraphQLDataSource } from '@apollo/gateway';
import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type Projector, projectorOf } from './projector.ts';

type DataSource = Pick<GraphQLDataSource<Record<string, unknown>>, 'process'>;

/** The part of the nodes of @apollo/query-planner that the compiler reads. */
interface PlanNode {
  readonly kind: string;
  readonly nodes?: readonly PlanNode[];
}

interface FetchNode extends PlanNode {
  readonly serviceName: string;
  readonly operation: string;
  readonly variableUsages?: readonly string[];
  readonly requires?: unknown;
  readonly inputRewrites?: unknown;
  readonly outputRewrites?: unknown;
  readonly contextRewrites?: unknown;
}

/** One fetch of a compiled operation, and where to send it. */
export interface CompiledFetch {
  readonly dataSource: DataSource;
  readonly query: string;
  readonly variableNames: readonly string[];
}

/** An operation whose plan is one round of independent fetches. */
export interface CompiledOperation {
  readonly fetches: readonly CompiledFetch[];
  readonly project: Projector;
}

/** What the gateway passes to `experimental_didResolveQueryPlan`, as far as the compiler reads it. */
export interface ResolvedPlan {
  readonly queryPlan: { readonly node?: unknown };
  readonly serviceMap: Readonly<Record<string, DataSource>>;
  readonly operationContext: {
    readonly schema: GraphQLSchema;
    readonly operation: OperationDefinitionNode;
    readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  };
}

/**
 * @returns undefined for a plan that only the gateway's own executor can run: stages, entities, rewrites, conditions
 */
function compileOperation({ queryPlan, serviceMap, operationContext }: ResolvedPlan): CompiledOperation | undefined {
  const { schema, operation, fragments } = operationContext;
  const node = queryPlan.node as PlanNode | undefined;
  const nodes = node?.kind === 'Parallel' ? (node.nodes ?? []) : node ? [node] : [];
  if (operation.operation !== 'query' || nodes.length === 0 || !nodes.every(isPlainFetch)) return undefined;
  const project = projectorOf(schema, operation, fragments);
  if (!project) return undefined;
  const fetches = nodes.map(({ serviceName, operation: query, variableUsages = [] }) => {
    const dataSource = serviceMap[serviceName];
    if (!dataSource) throw new Error('the query plan names an unknown subgraph');
    return { dataSource, query, variableNames: variableUsages };
  });
  return { fetches, project };
}

function isPlainFetch(node: PlanNode): node is FetchNode {
  if (node.kind !== 'Fetch') return false;
  const { requires, inputRewrites, outputRewrites, contextRewrites } = node as FetchNode;
  return [requires, inputRewrites, outputRewrites, contextRewrites].every(
    (list) => list === undefined || (Array.isArray(list) && list.length === 0),
  );
}

/**
 * The compiled operations. An entry disappears with its schema in the gateway, or with its parsed document in Apollo
 * Server.
 */
export class CompiledOperations {
  readonly #bySchema = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, CompiledOperation | null>>();

  /** @returns null if the operation cannot be compiled, undefined if `compile` has not had it yet */
  get(schema: GraphQLSchema, operation: OperationDefinitionNode): CompiledOperation | null | undefined {
    return this.#bySchema.get(schema)?.get(operation);
  }

  /**
   * Compiles a plan. A second call for the same operation does nothing.
   *
   * @param operation from the client's document; the plan may hold another form of it
   */
  compile(plan: ResolvedPlan, operation: OperationDefinitionNode): void {
    const { schema } = plan.operationContext;
    if (this.get(schema, operation) !== undefined) return;
    const operations = this.#bySchema.get(schema) ?? new WeakMap<OperationDefinitionNode, CompiledOperation | null>();
    this.#bySchema.set(schema, operations.set(operation, compileOperation(plan) ?? null));
  }
}
