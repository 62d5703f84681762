import type { GraphQLDataSource } from '@apollo/gateway';
import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
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

type ByOperationName = Map<string, CompiledOperation | null>;

/** What is compiled, for as long as the gateway keeps the schema and Apollo Server the parsed document. */
export class CompiledOperations {
  readonly #known = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, ByOperationName>>();

  /** Null for an operation that is none to compile; undefined for one not seen yet. */
  get(schema: GraphQLSchema, document: DocumentNode, operationName?: string): CompiledOperation | null | undefined {
    return this.#known
      .get(schema)
      ?.get(document)
      ?.get(operationName ?? '');
  }

  /** Compiles a plan, once. */
  learn(plan: ResolvedPlan, document: DocumentNode, operationName?: string): void {
    const { schema } = plan.operationContext;
    if (this.get(schema, document, operationName) !== undefined) return;
    const documents = this.#known.get(schema) ?? new WeakMap<DocumentNode, ByOperationName>();
    const operations = documents.get(document) ?? new Map<string, CompiledOperation | null>();
    this.#known.set(schema, documents.set(document, operations));
    operations.set(operationName ?? '', compileOperation(plan) ?? null);
  }
}
