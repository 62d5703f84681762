import type { Cpf } from '@pessoa/domain/cpf';
import { mayReadBankData, mayReadSomeBankData, type Viewer, type ViewerRules } from './viewer.ts';

/** The values of THIRD_PARTY_CADASTRO. */
export const thirdPartyCadastroValues = ['scope', 'consent', 'never'] as const;

/**
 * What third parties need for cadastral data beside the scope: nothing, the holder's consent as for bank data, or they get
 * none. STJ Tema 1404 decides what is lawful; until then it is the operator's choice.
 */
export type ThirdPartyCadastro = (typeof thirdPartyCadastroValues)[number];

export interface CadastroRules extends ViewerRules {
  readonly thirdPartyCadastro: ThirdPartyCadastro;
}

/** The policy `cadastro`. The holder reads their own data whatever the setting. */
export function mayReadCadastro(viewer: Viewer, cpf: Cpf, rules: CadastroRules): boolean {
  if (viewer.titular !== undefined) return viewer.titular === cpf;
  if (rules.thirdPartyCadastro === 'consent') return mayReadBankData(viewer, cpf, rules);
  return rules.thirdPartyCadastro === 'scope';
}

/** Whether `mayReadCadastro` holds for some person. It depends on the token and the setting alone. */
export function mayReadSomeCadastro(viewer: Viewer, rules: CadastroRules): boolean {
  if (viewer.titular !== undefined) return true;
  if (rules.thirdPartyCadastro === 'consent') return mayReadSomeBankData(viewer, rules);
  return rules.thirdPartyCadastro === 'scope';
}
