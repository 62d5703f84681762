import {
  type DocumentNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import { type SelectedField, type Selection, selectionOf } from './selection.ts';

/** A field of the schema. */
export interface SchemaField {
  readonly type: string;
  readonly name: string;
}

/**
 * The fields of the schema along a path of an answer, without aliases. It ends early where the document does not have the
 * path.
 */
export function fieldsAtPath(
  path: readonly (string | number)[],
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): SchemaField[] {
  const fields: SchemaField[] = [];
  let type: GraphQLNamedType | undefined | null = schema.getRootType(operation.operation);
  let selection: Selection | undefined = selectionOf(document, operation);
  for (const key of path) {
    if (typeof key === 'number') continue;
    const field: SelectedField | undefined = selection?.field(key);
    if (!field) break;
    const parent: string | undefined = isObjectType(type) ? type.name : field.onType;
    if (parent === undefined) break;
    fields.push({ type: parent, name: field.name });
    const fieldType = typeOf(schema, parent, field.name);
    type = fieldType;
    selection = field.selection;
  }
  return fields;
}

function typeOf(schema: GraphQLSchema, parent: string, name: string): GraphQLNamedType | undefined {
  const type = schema.getType(parent);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  return field && getNamedType(field.type);
}

/** A path of an answer for the log: field names of the schema and list indexes, without aliases; unknown steps are `?`. */
export function schemaPath(
  path: readonly (string | number)[],
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): string {
  const fields = fieldsAtPath(path, document, operation, schema).map(({ name }) => name);
  return path.map((step) => (typeof step === 'number' ? step : (fields.shift() ?? '?'))).join('.');
}
