import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { publicErrors } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { GraphQLFormattedError } from 'graphql';
import { fonteAtPath, readFieldSources } from './field-sources.ts';

/**
 * Turns the entries of `extensions.valueCompletion` into errors. The gateway reports there, and not in `errors`, a null
 * that the schema does not allow. Its error is FONTE_INVALIDA, with path and source.
 */
export function valueCompletionPlugin(supergraphSdl: string): ApolloServerPlugin<BaseContext> {
  const sources = readFieldSources(supergraphSdl);
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body }, document, operation, schema }) {
          if (body.kind !== 'single' || !body.singleResult.extensions) return;
          const { extensions, ...result } = body.singleResult;
          const { valueCompletion, ...otherExtensions } = extensions;
          if (!Array.isArray(valueCompletion)) return;
          const completionErrors = valueCompletion.map(({ path = [] }: GraphQLFormattedError) =>
            invalidSourceError(path, document && operation && fonteAtPath(path, document, operation, schema, sources)),
          );
          body.singleResult = {
            ...result,
            errors: [...(result.errors ?? []), ...completionErrors],
            ...(Object.keys(otherExtensions).length > 0 ? { extensions: otherExtensions } : {}),
          };
        },
      };
    },
  };
}

function invalidSourceError(path: readonly (string | number)[], fonte: Fonte | undefined): GraphQLFormattedError {
  const code = 'FONTE_INVALIDA';
  return { message: publicErrors[code].message, path, extensions: { code, ...(fonte ? { fonte } : {}) } };
}
