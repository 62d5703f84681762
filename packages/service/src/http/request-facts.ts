import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { InternalIdentity } from '../identity/internal-identity.ts';
import type { Identity, Viewer } from '../identity/viewer.ts';
import type { Door } from './route-table.ts';

/** What one request was, gathered while it is served, for its one line in the log. */
export interface RequestFacts {
  /** `x-fapi-interaction-id`: the client's, or ours. */
  readonly interactionId: string;
  readonly startedAt: number;
  identity?: Identity;
  /** Set before the body is read, on a route for data. */
  viewer?: Viewer;
  /** Set when the router asks. */
  internalIdentity?: InternalIdentity;
  /** What `operationNamer` calls the GraphQL operation, or the name of the REST route. */
  operation?: string;
  /** Keyed hashes of the people asked for. */
  people?: readonly string[];
  /** The first code of the closed table in the answer. */
  code?: PublicErrorCode;
  /** Why the request was refused: what is wrong with its token, or a `Motivo` of 403. Never a value of the token. */
  motivo?: string | undefined;
  /** With the reason ESCOPO: the scopes that the token must have. */
  scopes?: readonly string[] | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    facts: RequestFacts;
  }
  interface FastifyContextConfig {
    /** Of a route for data: the form of its errors, and headers are looked at. */
    door?: Door;
  }
}
