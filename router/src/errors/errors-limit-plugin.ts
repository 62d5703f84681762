import type { ApolloServerPlugin, BaseContext } from '@apollo/server';

/** Errors of an answer that a client gets. */
const ERRORS_MAX = 50;

/**
 * An answer has at most 50 errors; `extensions.errosOmitidos` counts the rest. The last plugin: all others, the audit
 * among them, see every error.
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
