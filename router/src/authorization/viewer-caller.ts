import { mayReadSomeBankData, type Viewer, type ViewerRules } from '@pessoa/service/identity/viewer';
import type { Caller } from 'graphql-jwt-guard';

const BANK_DATA: ReadonlySet<string> = new Set(['consentimento']);
const NO_POLICIES: ReadonlySet<string> = new Set();

/**
 * The caller of an operation, as the guard before the planner sees it. A policy holds for the whole operation when it may
 * hold for some person; the subgraph decides for each person.
 */
export class ViewerCaller implements Caller {
  /** No request without a valid token gets this far. */
  readonly isAuthenticated = true;
  readonly #viewer: Viewer;
  readonly #rules: ViewerRules;

  constructor(viewer: Viewer, rules: ViewerRules) {
    this.#viewer = viewer;
    this.#rules = rules;
  }

  get scopes(): ReadonlySet<string> {
    return this.#viewer.scopes;
  }

  get policies(): ReadonlySet<string> {
    return mayReadSomeBankData(this.#viewer, this.#rules) ? BANK_DATA : NO_POLICIES;
  }
}
