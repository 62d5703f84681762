import type { SignRequest } from './as-router.ts';
import { graphql, type GraphqlAnswer, rest, type RestAnswer } from './graphql-client.ts';

export interface Ask {
  readonly variables?: Record<string, unknown>;
  /** null: none at all. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** Asks one service, with a token of the test's choice unless one is given; its GraphQL as the router does. */
export interface ServiceClient {
  readonly ask: (query: string, options?: Ask) => Promise<GraphqlAnswer>;
  /** The same for a REST route. */
  readonly get: (path: string, options?: Pick<Ask, 'token' | 'headers'>) => Promise<RestAnswer>;
}

export const serviceClient = (url: string, usualToken: string, sign: SignRequest): ServiceClient => ({
  ask: (query, { variables, token = usualToken, headers } = {}) =>
    graphql(url, {
      query,
      sign,
      ...(variables && { variables }),
      ...(token && { token }),
      ...(headers && { headers }),
    }),
  get: (path, { token = usualToken, headers } = {}) => rest(url, path, token ?? undefined, headers),
});
