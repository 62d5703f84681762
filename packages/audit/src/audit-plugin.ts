import { randomUUIDv7 } from 'node:crypto';
import type { Clock } from '@pessoa/domain/data';
import { publicErrors, retryAfterSeconds } from '@pessoa/domain/errors';
import { AnswerErrors } from '@pessoa/service/graphql/answer-errors';
import { type ConstantPlugin, constantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { ANONYMOUS } from '@pessoa/service/graphql/operation-name';
import { type PersonRead, personReads } from '@pessoa/service/graphql/person-reads';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { liveConsent } from '@pessoa/service/identity/viewer';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Acesso, AuditLog } from './audit-log.ts';
import type { MarkPerson } from './person-marks.ts';
import { type ExecutedAnswer, readOutcome } from './read-outcome.ts';

export interface AuditOptions<Context> {
  readonly auditLog: AuditLog;
  readonly servico: string;
  readonly markPerson: MarkPerson;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether this process writes the audit of a request; false when the calling process writes it. Default: always true. */
  readonly shouldAudit?: (context: Context) => boolean;
}

/**
 * Before an answer leaves, this plugin stores who read what of which person, and why: one row for each person. When that
 * fails, the client gets FONTE_INDISPONIVEL with `fonte: auditoria` and no data.
 */
export function auditPlugin<Context extends RequestContext>(options: AuditOptions<Context>): ConstantPlugin<Context> {
  return constantPlugin({
    async willSendResponse({ document, operation, request, response, contextValue }) {
      if (!document || !operation || response.body.kind !== 'single') return;
      const { data, errors = [] } = response.body.singleResult;
      if ((!data && !contextValue.denials) || options.shouldAudit?.(contextValue) === false) return;
      const reads = personReads(document, operation, request.variables ?? {});
      if (reads.length === 0) return;
      contextValue.facts.people = reads.map(({ cpf }) => options.markPerson(cpf).cpfHash);
      try {
        await options.auditLog.record(
          toAcessos(reads, { data, errors: new AnswerErrors(errors, contextValue.denials) }, contextValue, options),
        );
      } catch (err) {
        options.logger.error({ interacao: contextValue.facts.interactionId, err }, 'the audit could not be written');
        const code = 'FONTE_INDISPONIVEL';
        contextValue.facts.code = code;
        response.http.status = publicErrors[code].status;
        response.http.headers.set('retry-after', String(retryAfterSeconds[code]));
        response.body.singleResult = {
          errors: [{ message: publicErrors[code].message, extensions: { code, fonte: 'auditoria' } }],
        };
      }
    },
  });
}

function toAcessos<Context extends RequestContext>(
  reads: readonly PersonRead[],
  answer: ExecutedAnswer,
  { viewer, facts }: Context,
  { markPerson, clock, servico }: AuditOptions<Context>,
): Acesso[] {
  const dataHora = clock.now();
  return reads.flatMap((read) => {
    const { campos, resultado } = readOutcome(read, answer);
    if (campos.length === 0 && resultado === 'ATENDIDO') return []; // @skip or @include excluded every field
    const { cpfHash, cpfCifrado } = markPerson(read.cpf);
    const acesso: Acesso = {
      id: randomUUIDv7(),
      cpfHash,
      cpfCifrado,
      clientId: viewer.clientId,
      sujeito: viewer.sujeito,
      campos,
      finalidade: viewer.finalidade,
      consentimento: liveConsent(viewer, read.cpf, clock)?.id,
      ordemJudicial: viewer.finalidade === 'ORDEM_JUDICIAL' ? viewer.ordemJudicial : undefined,
      sigilo: viewer.sigilo,
      peloTitular: viewer.titular === read.cpf,
      resultado,
      dataHora,
      interacao: facts.interactionId,
      operacao: facts.operation ?? ANONYMOUS,
      servico,
    };
    return [acesso];
  });
}
