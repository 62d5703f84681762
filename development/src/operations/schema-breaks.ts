import { checkOperation, sentenceOf } from '@pessoa/router/persisted-operations/check-operation';
import type { PersistedOperation } from '@pessoa/router/persisted-operations/operation-manifest';
import {
  buildSchema,
  type DocumentNode,
  findBreakingChanges,
  type GraphQLSchema,
  BreakingChangeType,
  NoDeprecatedCustomRule,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export interface OperationBreaks {
  readonly name: string;
  /** Why the operation cannot run on the schema, or would get answers of another form. */
  readonly breaks: readonly string[];
  /** What it uses that the schema calls deprecated. */
  readonly deprecations: readonly string[];
}

/** @throws Error for a supergraph or a subgraph: only the API schema says what clients may ask for */
export function readApiSchema(sdl: string, file: string): GraphQLSchema {
  if (/\bschema\s+@link|\bextend schema\b|\bjoin__Graph\b/.test(sdl)) {
    throw new Error(`${file} is a supergraph or a subgraph; give the API schema, such as schema/api.graphql`);
  }
  try {
    return buildSchema(sdl);
  } catch (error) {
    throw new Error(`${file} is not a schema: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * What a new schema means for each operation.
 *
 * @param current the schema that the clients were written for: a field whose type changes is a break too
 */
export function breaksOf(
  operations: readonly PersistedOperation[],
  next: GraphQLSchema,
  current: GraphQLSchema,
): OperationBreaks[] {
  const changes = findBreakingChanges(current, next).filter(
    ({ type }) => type === BreakingChangeType.FIELD_CHANGED_KIND,
  );
  return operations.map((operation) => {
    const { document, faults } = checkOperation(operation, next);
    if (!document || faults.length > 0) return { name: operation.name, breaks: faults, deprecations: [] };
    const fields = fieldsOf(document, next);
    const breaks = changes.filter(({ description }) => fields.has(description.split(' ')[0]!));
    return {
      name: operation.name,
      breaks: breaks.map(({ description }) => description),
      deprecations: validate(next, document, [NoDeprecatedCustomRule]).map(sentenceOf),
    };
  });
}

/** The fields that a document selects, as `Type.field`. */
function fieldsOf(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const fields = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name }) => void fields.add(`${types.getParentType()?.name}.${name.value}`),
    }),
  );
  return fields;
}
