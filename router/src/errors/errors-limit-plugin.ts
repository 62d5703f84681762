import type { ApolloServerPlugin, BaseContext } from '@apollo/server';

/** The highest number of errors in an answer. */
const ERRORS_MAX = 50;

/**
 * Cuts the errors of an answer to 50. `extensions.errosOmitidos` counts the rest. It must be the last plugin: the
 * others, such as the audit, need every error.
 */
export function errorsLimitPlugin(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single') return;
          const { errors = [], extensions, ...result } = body.singleResult;
          if (errors.length <= ERRORS_MAX) return;
          body.singleResult = {
            ...result,
            errors: errors.slice(0, ERRORS_MAX),
            extensions: { ...extensions, errosOmitidos: errors.length - ERRORS_MAX },
          };
        },
      };
    },
  };
}
