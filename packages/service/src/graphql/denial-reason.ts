import { escopos, type RefusalReason } from '@pessoa/domain/motivo';
import type { Denial } from 'graphql-jwt-guard';
import type { ThirdPartyCadastro } from '../identity/third-party-cadastro.ts';

/** The reason that a client sees for a field that the guard denied. */
export function reasonOfDenial(denial: Denial, thirdPartyCadastro: ThirdPartyCadastro): RefusalReason | undefined {
  if (denial.by === 'scopes')
    return { motivo: 'ESCOPO', escopos: escopos.filter((scope) => denial.scopes.includes(scope)) };
  if (denial.by === 'allow') return { motivo: 'TITULAR' };
  if (denial.by !== 'policies') return undefined;
  if (denial.policies.includes('titular')) return { motivo: 'TITULAR' };
  // Where a consent would help, its lack is the reason.
  if (denial.policies.includes('cadastro') && thirdPartyCadastro === 'never') return { motivo: 'OPERADOR' };
  return { motivo: 'CONSENTIMENTO' };
}
