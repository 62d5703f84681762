import { restRoutes } from '@pessoa/rest/routes';
import { getOperationAST, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { AnyOf, OperationGuard } from 'graphql-jwt-guard';
import type { PersistedOperation } from '../persisted-operations/operation-manifest.ts';
import type { DocumentedOperation } from '../persisted-operations/persisted-operations.ts';
import { type JsonSchema, variablesSchema } from './variables-schema.ts';

/** A persisted operation as a tool of MCP. */
export interface OperationTool {
  /** The name of the operation; of further operations with this name, with the beginning of their id. */
  readonly name: string;
  /** In Portuguese, for the model that chooses a tool. */
  readonly description: string;
  readonly inputSchema: JsonSchema & { readonly type: 'object' };
  readonly operation: PersistedOperation;
}

const summaries = new Map(restRoutes.map(({ name, summary }) => [name, summary]));

/** Makes a tool of each operation. */
export function toolsOf(
  operations: readonly DocumentedOperation[],
  { schema, guard }: { schema: GraphQLSchema; guard: OperationGuard },
): readonly OperationTool[] {
  const names = new Set<string>();
  return operations.map(({ operation, document }) => {
    const definition = getOperationAST(document, operation.name)!;
    const name = names.has(operation.name) ? `${operation.name}_${operation.id.slice(0, 8)}` : operation.name;
    names.add(name);
    const { scopes } = guard.requirementsOf(document, definition);
    const about = summaries.get(operation.name) ?? commentOf(operation.body) ?? rootDescription(definition, schema);
    return {
      name,
      description: `${about}${scopesSentence(scopes)}`,
      inputSchema: variablesSchema(document, definition, schema),
      operation,
    };
  });
}

/** The comment with which a document begins: the words of whoever wrote the operation. */
function commentOf(body: string): string | undefined {
  const lines = /^(?:#[^\n]*\n)+/.exec(body)?.[0].trim().split('\n') ?? [];
  const text = lines.map((line) => line.replace(/^#+/, '').trim()).join(' ').trim(); // prettier-ignore
  return text === '' ? undefined : text;
}

/** What the schema says of the fields that the operation begins with. */
function rootDescription({ operation, selectionSet }: OperationDefinitionNode, schema: GraphQLSchema): string {
  const fields = schema.getRootType(operation)?.getFields() ?? {};
  const names = selectionSet.selections.flatMap((selection) => ('name' in selection && selection.name ? [selection.name.value] : [])); // prettier-ignore
  return [...new Set(names)].map((name) => fields[name]?.description ?? name).join(' ');
}

function scopesSentence(scopes: readonly AnyOf[]): string {
  const names = [...new Set(scopes.flat(2))];
  return names.length === 0
    ? ''
    : ` Escopos para a resposta inteira: ${names.map((name) => `\`${name}\``).join(', ')}.`;
}
