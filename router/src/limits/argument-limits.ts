import { PublicError } from '@pessoa/domain/errors';
import { pageSize } from '@pessoa/domain/paging';
import { definitionsUsedBy, type Variables, variablesOf } from '@pessoa/service/graphql/selection';
import { type DocumentNode, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped, visit } from 'graphql';

export const CPFS_MAX = 100;

interface LimitedArgument {
  readonly value: ValueNode;
  readonly check: (value: unknown) => void;
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

const known = new WeakMap<OperationDefinitionNode, readonly LimitedArgument[]>();

/**
 * Checks every `first` (1 to 100) and `cpfs` (at most 100) of an operation, as literals, variables and defaults of
 * variables, before anything is planned or fetched. What other operations of the document ask for is not looked at.
 *
 * @throws PublicError LIMITE_EXCEDIDO, BAD_USER_INPUT for a `first` below 1
 */
export function checkArgumentLimits(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Variables,
): void {
  let limited = known.get(operation);
  if (!limited) known.set(operation, (limited = limitedArguments(document, operation)));
  if (limited.length === 0) return;
  const variables = variablesOf(operation, given);
  for (const { value, check } of limited) check(valueFromASTUntyped(value, variables));
}

function limitedArguments(document: DocumentNode, operation: OperationDefinitionNode): LimitedArgument[] {
  const limited: LimitedArgument[] = [];
  for (const definition of definitionsUsedBy(document, operation)) {
    visit(definition, {
      Argument({ name, value }) {
        const check = Object.hasOwn(checks, name.value) ? checks[name.value] : undefined;
        if (check) limited.push({ value, check });
      },
    });
  }
  return limited;
}
