import { randomUUID } from 'node:crypto';
import type { RequestFacts } from '../http/request-facts.ts';
import { INTERACTION_HEADER } from '../http/request-faults.ts';

/** One GraphQL request of the router to a subgraph. */
export interface RouterFetch {
  readonly request: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer: the status that it would have over HTTP, and its body as it would be after `JSON.parse`. */
export interface FetchAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The GraphQL of a subgraph for a caller that is known to be the router: one in the same process (docs/decisions/0030), or one whose
 * identity came with a batch (docs/decisions/0034). It checks the token and the rules of each field as over HTTP. Errors are
 * answers; it never rejects.
 *
 * @param facts gets what the log tells of the fetch; default: nobody logs it
 */
export type FetchHandler = (fetch: RouterFetch, facts?: RequestFacts) => Promise<FetchAnswer>;

/** The facts of a fetch that is no request of its own. */
export const factsOfFetch = ({ headers }: Pick<RouterFetch, 'headers'>): RequestFacts => ({
  interactionId: headers[INTERACTION_HEADER] ?? randomUUID(),
  startedAt: performance.now(),
});
