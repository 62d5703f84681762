import type { Viewer } from '../identity/viewer.ts';
import type { RequestFacts } from './request-facts.ts';

/** The places of an answer that were denied. Their errors have no list indices, and are not all listed. */
export interface DeniedPlaces {
  /** Whether something at this place, above or below it is denied. */
  isDenied(path: readonly (string | number)[]): boolean;
}

/** The part of the context of an operation that the router and all subgraphs share. */
export interface RequestContext {
  readonly viewer: Viewer;
  readonly facts: RequestFacts;
  /** Set when the router denied some part of the operation before it was planned. */
  denials?: DeniedPlaces;
}
