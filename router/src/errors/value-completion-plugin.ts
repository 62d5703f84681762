import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { publicErrors } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { GraphQLFormattedError } from 'graphql';
import { fonteAtPath, readFieldSources } from './field-sources.ts';

/**
 * The gateway puts a null where none may be into `extensions.valueCompletion`, out of the client's sight: here it becomes
 * the error FONTE_INVALIDA that it is, with its path and its source.
 */
export function valueCompletionPlugin(supergraphSdl: string): ApolloServerPlugin<BaseContext> {
  const sources = readFieldSources(supergraphSdl);
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body }, document, operation, schema }) {
          if (body.kind !== 'single' || !body.singleResult.extensions) return;
          const { extensions, ...result } = body.singleResult;
          const { valueCompletion, ...others } = extensions;
          if (!Array.isArray(valueCompletion)) return;
          const found = valueCompletion.map(({ path = [] }: GraphQLFormattedError) =>
            invalidAt(path, document && operation && fonteAtPath(path, document, operation, schema, sources)),
          );
          body.singleResult = {
            ...result,
            errors: [...(result.errors ?? []), ...found],
            ...(Object.keys(others).length > 0 ? { extensions: others } : {}),
          };
        },
      };
    },
  };
}

function invalidAt(path: readonly (string | number)[], fonte: Fonte | undefined): GraphQLFormattedError {
  const code = 'FONTE_INVALIDA';
  return { message: publicErrors[code].message, path, extensions: { code, ...(fonte ? { fonte } : {}) } };
}
