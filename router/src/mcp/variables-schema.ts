import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON form of our scalars and of those of GraphQL. The graph checks what a pattern cannot say, such as check digits. */
const scalarSchemas: Readonly<Record<string, JsonSchema>> = {
  CPF: { type: 'string', pattern: String.raw`^(?:\d{11}|\d{3}\.\d{3}\.\d{3}-\d{2})$` },
  Data: { type: 'string', format: 'date' },
  DataHora: { type: 'string', format: 'date-time' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
};

/**
 * The JSON schema of the variables of an operation, one property for each. A variable that may be null is optional; whoever leaves it out
 * gets its default.
 */
export function variablesSchema(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): JsonSchema & { readonly type: 'object' } {
  const uses = descriptionsOfUses(document, schema);
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { variable, type: node, defaultValue } of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
    if (!type || !isInputType(type)) throw new Error('a variable has no input type');
    const name = variable.name.value;
    const description = uses.get(name);
    properties[name] = {
      ...schemaOf(type, []),
      ...(description !== undefined && { description }),
      ...(defaultValue && { default: valueFromASTUntyped(defaultValue) }),
    };
    if (isNonNullType(type) && !defaultValue) required.push(name);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

/** What the schema says of the arguments that variables are given to, by variable. */
function descriptionsOfUses(document: DocumentNode, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const descriptions = new Map<string, string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Argument({ value }) {
        const description = types.getArgument()?.description;
        if (value.kind === Kind.VARIABLE && description) descriptions.set(value.name.value, description);
      },
    }),
  );
  return descriptions;
}

/** @param outer the input objects that this type is in: one that contains itself is not written out again */
function schemaOf(type: GraphQLInputType, outer: readonly GraphQLNamedInputType[]): JsonSchema {
  if (isNonNullType(type)) return schemaOf(type.ofType, outer);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, outer) };
  const described = type.description && !isSpecifiedScalarType(type) ? { description: type.description } : {};
  if (isEnumType(type)) return { ...described, type: 'string', enum: type.getValues().map(({ name }) => name) };
  if (!isInputObjectType(type)) return { ...described, ...(scalarSchemas[type.name] ?? { type: 'string' }) };
  if (outer.includes(type)) return { ...described, type: 'object' };
  const fields = Object.values(type.getFields());
  const propertyOf = (field: (typeof fields)[number]): JsonSchema => ({
    ...schemaOf(field.type, [...outer, type]),
    ...(field.description && { description: field.description }),
    ...(field.defaultValue !== undefined && { default: field.defaultValue }),
  });
  return {
    ...described,
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, propertyOf(field)])),
    required: fields.filter(isRequiredInputField).map(({ name }) => name),
    additionalProperties: false,
  };
}
