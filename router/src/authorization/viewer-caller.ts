import { type CadastroRules, mayReadSomeCadastro } from '@pessoa/service/identity/third-party-cadastro';
import { mayReadSomeBankData, type Viewer } from '@pessoa/service/identity/viewer';
import type { Caller } from 'graphql-jwt-guard';

/** The policies of a caller, by whether they hold. Made once, because every request asks. */
const POLICIES = {
  none: new Set<string>(),
  cadastro: new Set(['cadastro']),
  consentimento: new Set(['consentimento']),
  both: new Set(['consentimento', 'cadastro']),
  /** The holder's own token. */
  titular: new Set(['consentimento', 'cadastro', 'titular']),
} as const satisfies Record<string, ReadonlySet<string>>;

/**
 * The caller of an operation, as the guard before the planner sees it. A policy holds for the whole operation when it may
 * hold for some person; the subgraph decides for each person.
 */
export class ViewerCaller implements Caller {
  /** No request without a valid token gets this far. */
  readonly isAuthenticated = true;
  /** All requests of a token share its scopes, and the policies are those above. */
  readonly hasFixedRights = true;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;

  constructor(viewer: Viewer, rules: CadastroRules) {
    this.scopes = viewer.scopes;
    if (viewer.titular !== undefined) {
      this.policies = POLICIES.titular;
      return;
    }
    const mayReadCadastro = mayReadSomeCadastro(viewer, rules);
    if (mayReadSomeBankData(viewer, rules)) this.policies = mayReadCadastro ? POLICIES.both : POLICIES.consentimento;
    else this.policies = mayReadCadastro ? POLICIES.cadastro : POLICIES.none;
  }
}
