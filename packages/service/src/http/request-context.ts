import type { Viewer } from '../identity/viewer.ts';
import type { RequestFacts } from './request-facts.ts';

/** What every operation knows about the request it serves, in the router and in each subgraph. */
export interface RequestContext {
  readonly viewer: Viewer;
  readonly facts: RequestFacts;
}
