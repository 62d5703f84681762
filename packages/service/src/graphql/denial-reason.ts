import { escopos, type RefusalReason } from '@pessoa/domain/motivo';
import type { Denial } from 'graphql-jwt-guard';

/** The reason that a client sees for a field that the guard denied. */
export function reasonOfDenial(denial: Denial): RefusalReason | undefined {
  if (denial.by === 'scopes')
    return { motivo: 'ESCOPO', escopos: escopos.filter((scope) => denial.scopes.includes(scope)) };
  if (denial.by === 'allow') return { motivo: 'TITULAR' };
  return denial.by === 'policies' && denial.policies.includes('consentimento')
    ? { motivo: 'CONSENTIMENTO' }
    : undefined;
}
