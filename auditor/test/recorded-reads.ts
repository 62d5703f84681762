import { randomUUID } from 'node:crypto';
import { type Acesso, type AuditLog, postgresAuditLog } from '@pessoa/audit/audit-log';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';

/** A test's own audit, with the writer of a service. */
export interface RecordedReads {
  readonly bases: TestBases;
  readonly log: AuditLog;
  /** Records reads of one answer each, and gives the records. */
  record(count: number, fields?: Partial<Acesso>): Promise<Acesso[]>;
  close(): Promise<void>;
}

export async function openRecordedReads(): Promise<RecordedReads> {
  const bases = await openTestBases();
  const log = postgresAuditLog(openAuditWriters({ url: bases.auditoria.writerUrl, timeoutMillis: 10_000 }, 2));
  return {
    bases,
    log,
    async record(count, fields) {
      const acessos = Array.from({ length: count }, () => acesso(fields));
      await Promise.all(acessos.map((read) => log.record([read])));
      return acessos;
    },
    async close() {
      await log.close();
      await bases.drop();
    },
  };
}

const acesso = (fields: Partial<Acesso> = {}): Acesso => ({
  id: randomUUID(),
  cpfHash: randomUUID().replaceAll('-', ''),
  clientId: 'loja',
  sujeito: 'atendente',
  campos: ['nome', 'dividas.nodes.valor'],
  finalidade: 'VENDA_A_PRAZO',
  consentimento: undefined,
  ordemJudicial: undefined,
  peloTitular: false,
  resultado: 'ATENDIDO',
  dataHora: new Date(),
  interacao: randomUUID(),
  operacao: 'Divida',
  servico: 'router',
  ...fields,
});
