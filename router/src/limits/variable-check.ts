import { isPublicErrorCode } from '@pessoa/domain/errors';
import { publicGraphQLError } from '@pessoa/service/graphql/public-graphql-error';
import { cutText } from '@pessoa/service/graphql/redaction';
import {
  coerceInputValue,
  type DocumentNode,
  getVariableValues,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  print,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { variablesUsedAsNonNull } from './variables-used-as-non-null.ts';

type Variables = Readonly<Record<string, unknown>>;

interface Variable {
  readonly name: string;
  readonly node: VariableDefinitionNode;
  readonly type: GraphQLInputType;
  readonly mayBeAbsent: boolean;
  readonly mayBeNull: boolean;
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
export function checkVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): void {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return;
  const declared = declaredBy(operation, document, schema);
  const bad = declared?.find((one) => !isGood(one, variables));
  if (declared && !bad) return;
  const [error] = getVariableValues(schema, definitions, variables, { maxErrors: 1 }).errors ?? [];
  // Without one, a null is bad that its type allows, and the place where it stands does not.
  if (!error && !bad) return;
  const code = error?.extensions['code'];
  const nodes = error?.nodes ?? bad?.node ?? null;
  if (isPublicErrorCode(code) && code !== 'BAD_USER_INPUT') throw publicGraphQLError(code, { nodes });
  throw publicGraphQLError('BAD_USER_INPUT', { nodes, ...(bad && { detail: faultOf(bad, variables) }) });
}

/** Names the variable and its type, never its value. */
function faultOf({ name, node }: Variable, variables: Variables): string {
  if (!Object.hasOwn(variables, name)) return `The variable \`$${name}\` is missing.`;
  if (variables[name] === null) return `The variable \`$${name}\` must not be null.`;
  return cutText(`The variable \`$${name}\` is not a valid \`${print(node.type)}\`.`);
}

/** graphql-js finds the types of an operation's variables anew for every request. */
function declaredBy(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema): Declared {
  let operations = known.get(schema);
  if (!operations) known.set(schema, (operations = new WeakMap()));
  if (!operations.has(operation)) operations.set(operation, readDeclared(operation, document, schema));
  return operations.get(operation);
}

function readDeclared(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema): Declared {
  const { variableDefinitions = [] } = operation;
  const usedAsNonNull = variablesUsedAsNonNull(schema, document, operation);
  const declared: Variable[] = [];
  for (const node of variableDefinitions) {
    const { variable, defaultValue } = node;
    const type = typeFromAST(schema, node.type as Parameters<typeof typeFromAST>[1]);
    if (!isInputType(type)) return undefined;
    const name = variable.name.value;
    declared.push({
      name,
      node,
      type,
      mayBeAbsent: defaultValue !== undefined || !isNonNullType(type),
      mayBeNull: !usedAsNonNull.has(name),
    });
  }
  return declared;
}

function isGood({ name, type, mayBeAbsent, mayBeNull }: Variable, variables: Variables): boolean {
  if (!Object.hasOwn(variables, name)) return mayBeAbsent;
  if (variables[name] === null && !mayBeNull) return false;
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
