import { checkCpfsCount, pageSize } from '@pessoa/domain/paging';
import { definitionsUsedBy, type Variables, variablesOf } from '@pessoa/service/graphql/selection';
import { type DocumentNode, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped, visit } from 'graphql';

interface LimitedArgument {
  readonly value: ValueNode;
  readonly check: (value: unknown) => void;
}

// A value of another type passes here: the check of types refuses it.
const checksByArgument: Readonly<Record<string, (value: unknown) => void>> = {
  first: (value) => {
    if (Number.isInteger(value)) pageSize(value as number);
  },
  cpfs: (value) => {
    if (Array.isArray(value)) checkCpfsCount(value);
  },
};

const limitedByOperation = new WeakMap<OperationDefinitionNode, readonly LimitedArgument[]>();

/**
 * Checks each `first` (1 to 100) and `cpfs` (at most 100) of an operation, whether it is a literal, a variable or a
 * default. Other operations of the document are not checked.
 *
 * @throws PublicError LIMITE_EXCEDIDO, BAD_USER_INPUT for a `first` below 1
 */
export function checkArgumentLimits(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  requestVariables: Variables,
): void {
  let limited = limitedByOperation.get(operation);
  if (!limited) limitedByOperation.set(operation, (limited = limitedArgumentsOf(document, operation)));
  if (limited.length === 0) return;
  const variables = variablesOf(operation, requestVariables);
  for (const { value, check } of limited) check(valueFromASTUntyped(value, variables));
}

function limitedArgumentsOf(document: DocumentNode, operation: OperationDefinitionNode): LimitedArgument[] {
  const limited: LimitedArgument[] = [];
  for (const definition of definitionsUsedBy(document, operation)) {
    visit(definition, {
      Argument({ name, value }) {
        const check = Object.hasOwn(checksByArgument, name.value) ? checksByArgument[name.value] : undefined;
        if (check) limited.push({ value, check });
      },
    });
  }
  return limited;
}
