import { createHash, randomUUIDv7 } from 'node:crypto';
import type { AuditLog } from '@pessoa/audit/audit-log';
import type { PersonMarks } from '@pessoa/audit/person-marks';
import { type Clock, systemClock } from '@pessoa/domain/data';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { failingAs } from '../commands/command-error.ts';
import { recordIdOf } from '../commands/record-id.ts';

/** What an auditor reads of a person: the records of reads. No field of `Pessoa` shows them. */
const CAMPOS = ['auditoria.acessos'];

/**
 * The records of one question: what an auditor reads of a person is a read of this person. However many rows a person has in the answer,
 * the question has one record of them.
 *
 * @returns a function that resolves once the records of these people are committed, and rejects with a CommandError when they are not
 */
export function questionRecords(
  auditLog: AuditLog,
  viewer: Viewer,
  clock: Clock = systemClock,
): (people: readonly PersonMarks[]) => Promise<void> {
  const interacao = randomUUIDv7();
  return (people) =>
    auditLog
      .record(
        people.map(({ cpfHash, cpfCifrado }) => ({
          id: recordIdOf(interacao, createHash('sha256').update(`${interacao} ${cpfHash}`).digest('hex')),
          cpfHash,
          cpfCifrado,
          clientId: viewer.clientId,
          sujeito: viewer.sujeito,
          campos: CAMPOS,
          finalidade: viewer.finalidade,
          consentimento: undefined,
          ordemJudicial: viewer.finalidade === 'ORDEM_JUDICIAL' ? viewer.ordemJudicial : undefined,
          peloTitular: false,
          resultado: 'ATENDIDO',
          dataHora: clock.now(),
          interacao,
          operacao: 'Auditoria',
          servico: 'auditoria',
        })),
      )
      .catch(failingAs('the audit cannot be written, so nothing more is shown'));
}
