import { PublicError } from '@pessoa/domain/errors';
import { pageSize } from '@pessoa/domain/pagina';
import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';

export const CPFS_MAX = 100;

interface LimitedArgument {
  readonly value: ValueNode;
  readonly check: (value: unknown) => void;
}

interface OperationArguments {
  readonly limited: readonly LimitedArgument[];
  /** Default values of the operation's variables. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

// What is no number or no list is a mistake of type, which another check tells.
const checks: Readonly<Record<string, (value: unknown) => void>> = {
  first: (value) => {
    if (Number.isInteger(value)) pageSize(value as number);
  },
  cpfs: (value) => {
    if (Array.isArray(value) && value.length > CPFS_MAX) {
      throw new PublicError('LIMITE_EXCEDIDO', { detail: `\`cpfs\` has at most ${CPFS_MAX}.` });
    }
  },
};

const known = new WeakMap<OperationDefinitionNode, OperationArguments>();

/**
 * Checks every `first` (1 to 100) and `cpfs` (at most 100) of an operation, as literals, variables and defaults of
 * variables, before anything is planned or fetched.
 *
 * @throws PublicError LIMITE_EXCEDIDO, BAD_USER_INPUT for a `first` below 1
 */
export function checkArgumentLimits(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  let found = known.get(operation);
  if (!found) known.set(operation, (found = argumentsOf(document, operation)));
  if (found.limited.length === 0) return;
  const given = { ...found.defaults, ...variables };
  for (const { value, check } of found.limited) check(valueFromASTUntyped(value, given));
}

function argumentsOf(document: DocumentNode, operation: OperationDefinitionNode): OperationArguments {
  const limited: LimitedArgument[] = [];
  visit(document, {
    OperationDefinition: (node) => (node === operation ? undefined : false),
    Argument({ name, value }) {
      const check = checks[name.value];
      if (check) limited.push({ value, check });
    },
  });
  const defaults = operation.variableDefinitions?.flatMap(({ variable, defaultValue }) =>
    defaultValue && defaultValue.kind !== Kind.NULL
      ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const]
      : [],
  );
  return { limited, defaults: Object.fromEntries(defaults ?? []) };
}
