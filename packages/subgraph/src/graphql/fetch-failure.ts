import { errorLogger, type FailedExecution, noteErrors } from '@pessoa/service/graphql/facts-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import type { RequestContext } from '@pessoa/service/http/request-context';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { type RowFaultsOptions, rowFaultsMarker } from './row-faults-plugin.ts';

/** Makes the function that does with the errors of an execution what Apollo Server and our plugins do with them. */
export function fetchFailure<Context extends RequestContext>(
  options: RowFaultsOptions,
): (failed: FailedExecution<Context>) => GraphQLFormattedError[] {
  const markRowFaults = rowFaultsMarker<Context>(options);
  const logErrors = errorLogger<Context>(options.logger);
  return (failed) => {
    markRowFaults(failed); // first: what is left is logged as a bug
    logErrors(failed);
    const errors = failed.errors.map((error) => formatError(withCode(error), error));
    noteErrors(failed.contextValue.facts, errors);
    return errors;
  };
}

const withCode = (error: GraphQLError): GraphQLFormattedError => ({
  ...error.toJSON(),
  extensions: { ...error.extensions, code: error.extensions['code'] ?? 'INTERNAL_SERVER_ERROR' },
});
