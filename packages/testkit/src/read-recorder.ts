import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { type Acesso, type AuditLog, postgresAuditLog } from '@pessoa/audit/audit-log';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import { personMarker } from '@pessoa/audit/person-marks';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import type { TestBases } from './test-bases.ts';

/** What differs from the record of a usual read. `cpf` is the person who was read. */
export type ReadFields = Partial<Acesso> & { readonly cpf?: Cpf };

/** Writes the audit as a service does, of reads that nobody made. */
export interface ReadRecorder {
  readonly log: AuditLog;
  /** The `CPF_HASH_KEY` of the records. */
  readonly cpfHashKey: string;
  /** The record of a read by a shop, just now, of the next of forty people. */
  read(fields?: ReadFields): Acesso;
  /** Records reads of one answer each, and gives the records. */
  record(count: number, fields?: ReadFields): Promise<Acesso[]>;
  close(): Promise<void>;
}

const PEOPLE = 40;

/** @param cpfHashKey base64url; default: one of its own */
export function openReadRecorder(
  { auditoria }: Pick<TestBases, 'auditoria'>,
  cpfHashKey: string = randomBytes(32).toString('base64url'),
): ReadRecorder {
  const log = postgresAuditLog(openAuditWriters({ url: auditoria.writerUrl, timeoutMillis: 10_000 }, 2));
  const markPerson = personMarker(Buffer.from(cpfHashKey, 'base64url'));
  const people = Array.from({ length: PEOPLE }, newCpf);
  let reads = 0;
  const read = ({ cpf = people[reads++ % PEOPLE]!, ...fields }: ReadFields = {}): Acesso => ({
    ...usualRead(),
    ...markPerson(cpf),
    ...fields,
  });
  return {
    log,
    cpfHashKey,
    read,
    async record(count, fields) {
      const acessos = Array.from({ length: count }, () => read(fields));
      await Promise.all(acessos.map((acesso) => log.record([acesso])));
      return acessos;
    },
    close: () => log.close(),
  };
}

/** The CPF of a person whom no other test has, very likely. */
export const newCpf = (): Cpf => cpfFromBase(String(randomInt(1, 999_999_999)).padStart(9, '0'));

const usualRead = () => ({
  id: randomUUID(),
  clientId: 'loja',
  sujeito: 'atendente',
  campos: ['nome', 'dividas.nodes.valor'],
  finalidade: 'VENDA_A_PRAZO' as const,
  consentimento: undefined,
  ordemJudicial: undefined,
  peloTitular: false,
  resultado: 'ATENDIDO' as const,
  dataHora: new Date(),
  interacao: randomUUID(),
  operacao: 'Divida',
  servico: 'router',
});
