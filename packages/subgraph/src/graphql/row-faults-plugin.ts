import type { ApolloServerPlugin } from '@apollo/server';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { FailedExecution } from '@pessoa/service/graphql/facts-plugin';
import { fieldsAtPath, schemaPath } from '@pessoa/service/graphql/fields-at-path';
import type { RequestContext } from '@pessoa/service/http/request-context';
import type { Logger } from '@pessoa/service/logging/logger';
import type { GraphQLError } from 'graphql';
import { ValueFault } from './value-rules.ts';

export interface RowFaultsOptions {
  readonly fonte: Fonte;
  /** SDL types with values straight from the base. A bad value of any other type is our own bug. */
  readonly rowTypes: ReadonlySet<string>;
  readonly logger: Logger;
}

/** Log lines per request: one bad column may spoil every row of an answer. */
const LINES_MAX = 10;

/**
 * Reports a bad value of the base (unknown enum value, bad CNPJ, NULL for a non-null field, bad number, ValueFault) as
 * FONTE_INVALIDA with its `fonte`, not as INTERNAL_SERVER_ERROR. The log names the field and the fault, never the value. Other
 * errors of resolvers stay unchanged.
 */
export const rowFaultsPlugin = <Context extends RequestContext>(
  options: RowFaultsOptions,
): ApolloServerPlugin<Context> => {
  const markRowFaults = rowFaultsMarker<Context>(options);
  return {
    requestDidStart: async () => ({
      async didEncounterErrors({ errors, document, operation, schema, contextValue }) {
        if (document && operation) markRowFaults({ errors, document, operation, schema, contextValue });
      },
    }),
  };
};

/** Makes the function that does so: it changes the `extensions` of errors, from which `formatError` reads. */
export function rowFaultsMarker<Context extends RequestContext>({
  fonte,
  rowTypes,
  logger,
}: RowFaultsOptions): (failed: FailedExecution<Context>) => void {
  return ({ errors, document, operation, schema, contextValue }) => {
    let faults = 0;
    for (const error of errors) {
      const fault = valueFault(error);
      const field = fault && fieldsAtPath(error.path ?? [], document, operation, schema).at(-1);
      if (!field || !(isThrown(error) || rowTypes.has(field.type))) continue;
      const code: PublicErrorCode = 'FONTE_INVALIDA';
      Object.assign(error.extensions, { code, fonte });
      faults += 1;
      if (faults > LINES_MAX) continue;
      logger.warn({
        interacao: contextValue.facts.interactionId,
        caminho: schemaPath(error.path ?? [], document, operation, schema),
        codigo: code,
        fonte,
        campo: `${field.type}.${field.name}`,
        falha: fault,
      });
    }
    const omitidos = faults - LINES_MAX;
    if (omitidos > 0) logger.warn({ interacao: contextValue.facts.interactionId, omitidos }, 'more bad values');
  };
}

// The messages of graphql-js and of our scalars for a value that they cannot write, and our own words, which never quote the value.
const FAULTS: readonly [RegExp, string][] = [
  [/^Cannot return null for non-nullable field \w+\.\w+\.$/, 'null'],
  [/^Enum "\w+" cannot represent /, 'not a value of the enum'],
  [/^(?:Int|Float|String|Boolean|ID) cannot represent /, 'not of the type'],
  [/^a value of \w+ cannot be written$/, 'not a value of the scalar'],
];

const isThrown = ({ originalError }: GraphQLError): boolean => originalError instanceof ValueFault;

function valueFault(error: GraphQLError): string | undefined {
  if (isThrown(error)) return error.message;
  return error.path && FAULTS.find(([words]) => words.test(error.message))?.[1];
}
