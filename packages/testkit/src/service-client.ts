import type { SignRequest } from './as-router.ts';
import { graphql, type GraphqlAnswer, rest, type RestAnswer } from './graphql-client.ts';

export interface Ask {
  readonly variables?: Record<string, unknown>;
  /** null: no token. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** Client of one service. Calls have the usual token by default, and GraphQL calls the router's signature. */
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
