import type { Viewer } from '../identity/viewer.ts';
import type { RequestFacts } from './request-facts.ts';

/** The part of the context of an operation that the router and all subgraphs share. */
export interface RequestContext {
  readonly viewer: Viewer;
  readonly facts: RequestFacts;
}
