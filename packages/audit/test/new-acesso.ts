import { randomBytes, randomUUID } from 'node:crypto';
import type { Acesso } from '../src/audit-log.ts';

/** A record. What is not given is that of a usual read of a person of its own. */
export const newAcesso = (fields: Partial<Acesso> = {}): Acesso => ({
  id: randomUUID(),
  cpfHash: randomBytes(16).toString('hex'),
  cpfCifrado: randomBytes(16).toString('hex'),
  clientId: 'loja',
  sujeito: 'atendente',
  campos: ['nome', 'dividas.nodes'],
  finalidade: 'VENDA_A_PRAZO',
  consentimento: undefined,
  ordemJudicial: undefined,
  peloTitular: false,
  resultado: 'ATENDIDO',
  dataHora: new Date('2026-11-20T12:00:00.123Z'),
  interacao: randomUUID(),
  operacao: 'Divida',
  servico: 'router',
  ...fields,
});
