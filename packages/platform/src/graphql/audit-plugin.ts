import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { Acesso, AuditLog, Resultado } from '@pessoa/audit/audit-log';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Clock } from '@pessoa/domain/data';
import { publicErrors } from '@pessoa/domain/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../http/request-context.ts';
import type { Logger } from '../logging/logger.ts';
import { liveConsent } from '../viewer.ts';
import { type PersonRead, personReads } from './person-reads.ts';

export interface AuditOptions<Context> {
  readonly auditLog: AuditLog;
  readonly servico: string;
  readonly cpfHash: CpfHash;
  readonly clock: Clock;
  readonly logger: Logger;
  /** False for what another process of ours answers and writes down itself. */
  readonly isOurs?: (context: Context) => boolean;
}

/**
 * Writes who read which person, what and why, before the answer leaves. An answer that cannot be written down does not
 * leave: the client gets FONTE_INDISPONIVEL with `fonte: auditoria` and no data.
 */
export function auditPlugin<Context extends RequestContext>(
  options: AuditOptions<Context>,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ document, operation, request, response, contextValue }) {
          if (!document || !operation || response.body.kind !== 'single') return;
          const { data, errors = [] } = response.body.singleResult;
          if (!data || options.isOurs?.(contextValue) === false) return;
          const reads = personReads(document, operation, request.variables ?? {});
          if (reads.length === 0) return;
          contextValue.facts.pessoas = [...new Set(reads.map(({ cpf }) => options.cpfHash(cpf)))];
          try {
            await options.auditLog.record(accesses(reads, errors, contextValue, options));
          } catch (err) {
            options.logger.error({ interacao: contextValue.interactionId, err }, 'the audit could not be written');
            const code = 'FONTE_INDISPONIVEL';
            response.http.status = publicErrors[code].status;
            response.body.singleResult = {
              errors: [{ message: publicErrors[code].message, extensions: { code, fonte: 'auditoria' } }],
            };
          }
        },
      };
    },
  };
}

function accesses<Context extends RequestContext>(
  reads: readonly PersonRead[],
  errors: readonly GraphQLFormattedError[],
  { viewer, interactionId, facts }: Context,
  { cpfHash, clock, servico }: AuditOptions<Context>,
): Acesso[] {
  const codeAt = new Map(
    errors.flatMap(({ path, extensions }) => (path ? [[path.join('/'), extensions?.['code']]] : [])),
  );
  const dataHora = clock.now();
  return reads.map((read) => {
    const { campos, resultado } = outcome(read, codeAt);
    return {
      id: randomUUID(),
      cpfHash: cpfHash(read.cpf),
      clientId: viewer.clientId,
      sujeito: viewer.sujeito,
      campos,
      finalidade: viewer.finalidade,
      consentimento: liveConsent(viewer, read.cpf, clock)?.id,
      ordemJudicial: viewer.finalidade === 'ORDEM_JUDICIAL' ? viewer.ordemJudicial : undefined,
      peloTitular: viewer.titular === read.cpf,
      resultado,
      dataHora,
      interacao: interactionId,
      operacao: facts.operacao ?? '(anonymous)',
      servico,
    };
  });
}

function outcome(read: PersonRead, codeAt: ReadonlyMap<string, unknown>): { campos: string[]; resultado: Resultado } {
  const answered = new Set<string>();
  const refused: unknown[] = [];
  const visit = (fields: PersonRead['fields'], path: readonly (string | number)[], prefix: string): void => {
    for (const { key, name, children } of fields) {
      const here = [...path, key];
      const code = codeAt.get(here.join('/'));
      if (code !== undefined) refused.push(code);
      else if (children.length === 0) answered.add(prefix + name);
      else visit(children, here, `${prefix}${name}.`);
    }
  };
  visit(read.fields, read.path, '');
  const campos = [...answered];
  if (refused.length === 0) return { campos, resultado: 'ATENDIDO' };
  if (campos.length > 0) return { campos, resultado: 'PARCIAL' };
  return { campos, resultado: refused.includes('UNAUTHORIZED_FIELD_OR_TYPE') ? 'NEGADO' : 'FALHA' };
}
