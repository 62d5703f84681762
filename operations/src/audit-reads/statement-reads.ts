import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { type AuditEntry, requireWhole } from './audit-entry.ts';
import { type Achado, type BaseRead, baseRead } from './base-read.ts';
import { garbled, type LogLine } from './log-line.ts';
import { peopleOfParameters, peopleOfText } from './people-of-statement.ts';

/**
 * Whom one statement read: each person whom it binds or has in its text, or nobody in particular.
 *
 * @param isService whether its role is that of a service
 * @throws LogError when the log does not say whom
 */
export function readsOfStatement(line: LogLine, entry: AuditEntry, isService: boolean, cpfHash: CpfHash): BaseRead[] {
  requireWhole(entry, line.place);
  const bound = peopleOfParameters(entry.parameters);
  if (!bound) throw garbled(line.place);
  const written = peopleOfText(entry.text);
  const of = (achado: Achado, people: ReadonlySet<Cpf>): BaseRead[] =>
    [...people].map((cpf) => baseRead(line, entry, achado, cpfHash(cpf)));
  const ofNobody = bound.size + written.size === 0;
  if (ofNobody) return [baseRead(line, entry, isService ? 'SEM_CPF' : 'OUTRO_PAPEL', null)];
  return isService
    ? [...of('CPF_NO_TEXTO', written), ...of('SEM_REGISTRO', bound)]
    : of('OUTRO_PAPEL', bound.union(written));
}
