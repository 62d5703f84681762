import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { RequestContext } from '@pessoa/service/http/request-context';

/**
 * Tells the turn of a request how long its document kept the processor: parsing and validating it, which happens to new
 * documents only, and planning it. Its place is before the plugin of the gateway, which answers compiled operations.
 */
export function turnsPlugin(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart({ contextValue }) {
      const turn = (contextValue as Partial<RequestContext>).facts?.turn;
      if (!turn) return {};
      let parsingAt: number | undefined;
      const endOfValidation = (): void => {
        if (parsingAt !== undefined) turn.useProcessor(performance.now() - parsingAt);
        parsingAt = undefined;
      };
      return {
        async parsingDidStart() {
          parsingAt = performance.now();
        },
        async validationDidStart() {
          return async () => endOfValidation();
        },
        async responseForOperation() {
          turn.beginPlanning();
          return null;
        },
      };
    },
  };
}
