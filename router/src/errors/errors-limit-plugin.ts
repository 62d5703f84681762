import type { BaseContext } from '@apollo/server';
import { type ConstantPlugin, constantPlugin } from '@pessoa/service/graphql/constant-plugin';

/** The highest number of errors in an answer. */
const ERRORS_MAX = 50;

/**
 * Cuts the errors of an answer to 50. `extensions.errosOmitidos` counts the rest. It must be the last plugin: the
 * others, such as the audit, need every error.
 */
export const errorsLimitPlugin = (): ConstantPlugin<BaseContext> =>
  constantPlugin({
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
  });
