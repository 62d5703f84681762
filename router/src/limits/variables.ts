import { isPublicErrorCode } from '@pessoa/domain/errors';
import { publicGraphQLError } from '@pessoa/platform/graphql/public-graphql-error';
import {
  coerceInputValue,
  getVariableValues,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly mayBeAbsent: boolean;
}

/** Undefined for an operation with a variable of no input type, which graphql-js has its words for. */
type Declared = readonly Variable[] | undefined;

const known = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, Declared>>();

/**
 * The gateway coerces the variables too, but makes an error for each bad value: a body of 100 KB of them keeps a
 * processor busy for 0.6 s. One is enough to refuse.
 *
 * @throws GraphQLError CPF_INVALIDO and the like from a scalar, else BAD_USER_INPUT
 */
export function checkVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Variables): void {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0 || declaredBy(operation, schema)?.every((one) => isGood(one, variables))) return;
  const [error] = getVariableValues(schema, definitions, variables, { maxErrors: 1 }).errors ?? [];
  if (!error) return;
  const code = error.extensions['code'];
  throw publicGraphQLError(isPublicErrorCode(code) ? code : 'BAD_USER_INPUT', { nodes: error.nodes ?? null });
}

/** graphql-js finds the types of an operation's variables anew for every request. */
function declaredBy(operation: OperationDefinitionNode, schema: GraphQLSchema): Declared {
  let operations = known.get(schema);
  if (!operations) known.set(schema, (operations = new WeakMap()));
  if (!operations.has(operation)) operations.set(operation, readDeclared(operation, schema));
  return operations.get(operation);
}

function readDeclared({ variableDefinitions = [] }: OperationDefinitionNode, schema: GraphQLSchema): Declared {
  const declared: Variable[] = [];
  for (const { variable, type: node, defaultValue } of variableDefinitions) {
    const type = typeFromAST(schema, node as Parameters<typeof typeFromAST>[1]);
    if (!isInputType(type)) return undefined;
    declared.push({ name: variable.name.value, type, mayBeAbsent: defaultValue !== undefined || !isNonNullType(type) });
  }
  return declared;
}

function isGood({ name, type, mayBeAbsent }: Variable, variables: Variables): boolean {
  if (!Object.hasOwn(variables, name)) return mayBeAbsent;
  try {
    coerceInputValue(variables[name], type, refuse);
    return true;
  } catch {
    return false;
  }
}

function refuse(): never {
  throw new TypeError('not a value of this type');
}
