import { operationCost, type OperationCosts } from '@pessoa/router/demand/operation-costs';
import type { PersistedOperation } from '@pessoa/router/persisted-operations/operation-manifest';
import { type DocumentNode, getOperationAST, type GraphQLSchema, parse } from 'graphql';
import type { AnyOf, OperationGuard } from 'graphql-jwt-guard';
import { statementsOf, type Store, stores } from './statements.ts';

/** What an operator wants to know of an operation before it is persisted. */
export interface OperationReport {
  readonly name: string;
  readonly id: string;
  /** What a token needs so that nothing is denied. Each entry must hold; `a or b+c` lists alternatives. */
  readonly scopes: readonly string[];
  readonly policies: readonly string[];
  /** Points, with the defaults of variables and of arguments. A list of people counts as its largest size. */
  readonly cost: number;
  /** The most statements of one request, by store. */
  readonly statements: Readonly<Record<Store, number>>;
}

/** What describes the graph of the operations. */
export interface ReportedGraph {
  readonly schema: GraphQLSchema;
  readonly guard: OperationGuard;
  readonly costs: OperationCosts;
}

export function reportOf(
  { id, name, body }: PersistedOperation,
  { schema, guard, costs }: ReportedGraph,
): OperationReport {
  const document: DocumentNode = parse(body);
  const operation = getOperationAST(document, name)!;
  const { scopes, policies } = guard.requirementsOf(document, operation);
  return {
    name,
    id,
    scopes: needed(scopes),
    policies: needed(policies),
    cost: operationCost(costs, document, name, {}).estimate,
    statements: statementsOf(schema, document, operation),
  };
}

/** Requirements without alternatives come first, as one list of names. */
function needed(requirements: readonly AnyOf[]): string[] {
  const single = requirements.filter((anyOf) => anyOf.length === 1).flat(2);
  const several = requirements.filter((anyOf) => anyOf.length > 1);
  return [...new Set([...single, ...several.map((anyOf) => anyOf.map((allOf) => allOf.join('+')).join(' or '))])];
}

export function formatReport({ name, id, scopes, policies, cost, statements }: OperationReport): string {
  const counts = stores.filter((store) => statements[store] > 0).map((store) => `${store} ${statements[store]}`);
  const line = (label: string, values: readonly string[]): string =>
    `  ${label.padEnd(11)}${values.length > 0 ? values.join(', ') : 'none'}`;
  return [
    name,
    line('id', [id]),
    line('scopes', scopes),
    line('policies', policies),
    line('cost', [String(cost)]),
    line('statements', counts),
  ].join('\n');
}
