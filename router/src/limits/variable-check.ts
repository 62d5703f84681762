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

/** A variable as its operation declares and uses it. */
interface Variable {
  readonly name: string;
  readonly node: VariableDefinitionNode;
  readonly type: GraphQLInputType;
  readonly mayBeAbsent: boolean;
  readonly mayBeNull: boolean;
}

/** Undefined if some variable does not have an input type: graphql-js makes the error then. */
type DeclaredVariables = readonly Variable[] | undefined;

const declaredBySchema = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, DeclaredVariables>>();

/**
 * Refuses an operation at its first bad variable. The gateway would check variables too, but it makes an error for each
 * bad value: a body with 100 KB of them keeps a processor busy for 0.6 s.
 *
 * @throws GraphQLError with the code that a scalar gives, such as CPF_INVALIDO, else BAD_USER_INPUT
 */
export function checkVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): void {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return;
  const declared = declaredVariablesOf(operation, document, schema);
  const badVariable = declared?.find((variable) => !isValid(variable, variables));
  if (declared && !badVariable) return;
  const [error] = getVariableValues(schema, definitions, variables, { maxErrors: 1 }).errors ?? [];
  // graphql-js has no error for a null that the variable's type allows, although the place of its use does not.
  if (!error && !badVariable) return;
  const code = error?.extensions['code'];
  const nodes = error?.nodes ?? badVariable?.node ?? null;
  if (isPublicErrorCode(code) && code !== 'BAD_USER_INPUT') throw publicGraphQLError(code, { nodes });
  throw publicGraphQLError('BAD_USER_INPUT', {
    nodes,
    ...(badVariable && { detail: faultOf(badVariable, variables) }),
  });
}

/** Names the variable and its type, never its value. */
function faultOf({ name, node }: Variable, variables: Variables): string {
  if (!Object.hasOwn(variables, name)) return `The variable \`$${name}\` is missing.`;
  if (variables[name] === null) return `The variable \`$${name}\` must not be null.`;
  return cutText(`The variable \`$${name}\` is not a valid \`${print(node.type)}\`.`);
}

/** Reads the declarations once for each operation. graphql-js would read them for each request. */
function declaredVariablesOf(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
): DeclaredVariables {
  let operations = declaredBySchema.get(schema);
  if (!operations) declaredBySchema.set(schema, (operations = new WeakMap()));
  if (!operations.has(operation)) operations.set(operation, readDeclaredVariables(operation, document, schema));
  return operations.get(operation);
}

function readDeclaredVariables(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
): DeclaredVariables {
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

function isValid({ name, type, mayBeAbsent, mayBeNull }: Variable, variables: Variables): boolean {
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
  throw new TypeError('the value does not fit its type');
}
