import { randomUUID } from 'node:crypto';
import { type Acesso, type AuditLog, postgresAuditLog } from '@pessoa/audit/audit-log';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import type { TestBases } from './test-bases.ts';

/** Writes the audit as a service does, of reads that nobody made. */
export interface ReadRecorder {
  readonly log: AuditLog;
  /** Records reads of one answer each, of people of their own, and gives the records. */
  record(count: number, fields?: Partial<Acesso>): Promise<Acesso[]>;
  close(): Promise<void>;
}

export function openReadRecorder({ auditoria }: Pick<TestBases, 'auditoria'>): ReadRecorder {
  const log = postgresAuditLog(openAuditWriters({ url: auditoria.writerUrl, timeoutMillis: 10_000 }, 2));
  return {
    log,
    async record(count, fields) {
      const acessos = Array.from({ length: count }, () => recordedRead(fields));
      await Promise.all(acessos.map((acesso) => log.record([acesso])));
      return acessos;
    },
    close: () => log.close(),
  };
}

/** The record of a read by a shop, just now. */
export const recordedRead = (fields: Partial<Acesso> = {}): Acesso => ({
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
