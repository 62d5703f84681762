import { escopos, type RefusalReason } from '@pessoa/domain/motivo';
import type { Denial } from 'graphql-jwt-guard';

/** What a client is told of a field that the guard denied. */
export function reasonOfDenial(denial: Denial): RefusalReason | undefined {
  if (denial.by === 'scopes')
    return { motivo: 'ESCOPO', escopos: escopos.filter((one) => denial.scopes.includes(one)) };
  if (denial.by === 'allow') return { motivo: 'TITULAR' };
  return denial.by === 'policies' && denial.policies.includes('consentimento')
    ? { motivo: 'CONSENTIMENTO' }
    : undefined;
}
