import type { GraphQLDataSource } from '@apollo/gateway';
import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type Projector, projectorOf } from './projector.ts';

type DataSource = Pick<GraphQLDataSource<Record<string, unknown>>, 'process'>;

/** The part of @apollo/query-planner's nodes that is looked at. */
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

export interface CompiledFetch {
  readonly dataSource: DataSource;
  readonly query: string;
  readonly variableNames: readonly string[];
}

/** An operation whose plan is one round of independent fetches, ready to run again. */
export interface CompiledOperation {
  readonly fetches: readonly CompiledFetch[];
  readonly project: Projector;
}

export interface ResolvedPlan {
  readonly queryPlan: { readonly node?: unknown };
  readonly serviceMap: Readonly<Record<string, DataSource>>;
  readonly operationContext: {
    readonly schema: GraphQLSchema;
    readonly operation: OperationDefinitionNode;
    readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  };
}

/** Undefined for a plan that only the gateway's own executor understands: stages, entities, rewrites, conditions. */
function compileOperation({ queryPlan, serviceMap, operationContext }: ResolvedPlan): CompiledOperation | undefined {
  const { schema, operation, fragments } = operationContext;
  const node = queryPlan.node as PlanNode | undefined;
  const nodes = node?.kind === 'Parallel' ? (node.nodes ?? []) : node ? [node] : [];
  if (operation.operation !== 'query' || nodes.length === 0 || !nodes.every(isPlainFetch)) return undefined;
  const project = projectorOf(schema, operation, fragments);
  if (!project) return undefined;
  const fetches = nodes.map(({ serviceName, operation: query, variableUsages = [] }) => {
    const dataSource = serviceMap[serviceName];
    if (!dataSource) throw new Error('the query plan names a subgraph that is not there');
    return { dataSource, query, variableNames: variableUsages };
  });
  return { fetches, project };
}

function isPlainFetch(node: PlanNode): node is FetchNode {
  if (node.kind !== 'Fetch') return false;
  const { requires, inputRewrites, outputRewrites, contextRewrites } = node as FetchNode;
  return [requires, inputRewrites, outputRewrites, contextRewrites].every(
    (one) => one === undefined || (Array.isArray(one) && one.length === 0),
  );
}

/** What is compiled, for as long as the gateway keeps the schema and Apollo Server the parsed document. */
export class CompiledOperations {
  readonly #known = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, CompiledOperation | null>>();

  /** Null for an operation that is none to compile; undefined for one not seen yet. */
  get(schema: GraphQLSchema, operation: OperationDefinitionNode): CompiledOperation | null | undefined {
    return this.#known.get(schema)?.get(operation);
  }

  /** Compiles a plan, once. @param operation as the client wrote it, which the plan may have another form of */
  compile(plan: ResolvedPlan, operation: OperationDefinitionNode): void {
    const { schema } = plan.operationContext;
    if (this.get(schema, operation) !== undefined) return;
    const operations = this.#known.get(schema) ?? new WeakMap<OperationDefinitionNode, CompiledOperation | null>();
    this.#known.set(schema, operations.set(operation, compileOperation(plan) ?? null));
  }
}
