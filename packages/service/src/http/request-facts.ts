import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { InternalIdentity } from '../identity/internal-identity.ts';
import type { Identity, Viewer } from '../identity/viewer.ts';
import type { QuotaState } from '../limits/client-limits.ts';
import type { QuotaName } from '../limits/quotas.ts';
import type { RequestTrace } from '../tracing/tracing.ts';
import type { Door } from './route-table.ts';

/** A request's turn to use the processor, among the requests of its client. It pauses the client by what it used. */
export interface RequestTurn {
  /** The document kept the processor for so many milliseconds. */
  useProcessor(millis: number): void;
  /** The operation costs so many points. */
  useCost(points: number): void;
  /** From now until the end of the turn, the processor plans the operation. */
  beginPlanning(): void;
  /** Ends the turn, once. The next request of the client may begin its own. */
  end(): void;
}

/**
 * How an operation was answered. `known`: without Apollo Server's pipeline. `compiled`: by the compiled operation, behind the
 * pipeline. `gateway`: by the gateway's own executor. `apollo`: by Apollo Server, which in the router then refused it.
 */
export type OperationWay = 'known' | 'compiled' | 'gateway' | 'apollo';

/** Facts about a request, collected while it is served, for its line in the log. */
export interface RequestFacts {
  /** `x-fapi-interaction-id`: the id of the client, or a new one. */
  readonly interactionId: string;
  /** From `performance.now()`. */
  readonly startedAt: number;
  /** Set when requests are traced. It begins when the sender is known, or refused. */
  trace?: RequestTrace;
  identity?: Identity;
  /** On a route for data; set before the body is read. */
  viewer?: Viewer;
  /** Set when the router sent the request. */
  internalIdentity?: InternalIdentity;
  /** What `operationNamer` calls the GraphQL operation, or the name of the REST route. */
  operation?: string;
  /** Set once the operation is resolved. */
  way?: OperationWay;
  /** The keyed hashes of the people that the request reads. */
  people?: readonly string[];
  /** The first code of the closed table in the answer. */
  code?: PublicErrorCode;
  /** Why the request was refused: the fault of its token, or a `Motivo` of 403. It never has a value of the token. */
  motivo?: string | undefined;
  /** What is left of the client's quotas that the request used. */
  quotas?: readonly QuotaState[];
  /** The quota that refused the request. */
  quota?: QuotaName;
  /** Set while the request has its client's turn, in a process that has turns. */
  turn?: RequestTurn;
  /** Called when the client leaves while its request waits to run. */
  onGone?: (() => void) | undefined;
  /** Seconds until the client may ask again, when a quota, its turn or the lack of room refused the request. */
  retryAfterSeconds?: number;
  /** With the reason ESCOPO: the scopes that the token must have. */
  scopes?: readonly string[] | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    facts: RequestFacts;
  }
  interface FastifyContextConfig {
    /** Set for routes for data: the form of their errors. */
    door?: Door;
  }
}
