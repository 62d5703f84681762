import { randomUUID } from 'node:crypto';
import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { wordsOf } from '@pessoa/domain/words';
import type { Pool } from 'pg';
import { cpfSequence } from './cpf-sequence.ts';
import { insert } from './test-bases.ts';

type Row = Record<string, unknown>;

/** @returns a CPF that no other test of this process uses */
export const newCpf = cpfSequence(310_000_000);

/** Adds a person to Base C. */
export async function addTitular(baseC: Pool, cpf: Cpf = newCpf()): Promise<Cpf> {
  await insert(baseC, 'titular', { cpf });
  return cpf;
}

const textOrEmpty = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Adds postings. Default of each: a PIX of R$ 10,00 on the morning of 20 November 2026. */
export async function addMovimentacoes(baseC: Pool, cpf: Cpf, ...rows: Row[]): Promise<void> {
  const completeRows = rows.map((row) => ({
    id: randomUUID(),
    cpf,
    data_hora: '2026-11-20T12:00:00Z',
    natureza: 'DEBITO',
    tipo: 'PIX',
    valor: '10.00',
    situacao: 'TRANSACAO_EFETIVADA',
    palavras: [...wordsOf(textOrEmpty(row['descricao'])), ...wordsOf(textOrEmpty(row['contraparte']))],
    ...row,
  }));
  await insert(baseC, 'movimentacao', ...completeRows);
}

/** Adds inquiries. Default of each: by a third party, to grant credit, on the morning of 20 November 2026. */
export async function addConsultas(baseC: Pool, cpf: Cpf, ...rows: Row[]): Promise<void> {
  const completeRows = rows.map((row) => ({
    id: randomUUID(),
    cpf,
    consulente: 'Banco Fictício',
    data_hora: '2026-11-20T12:00:00Z',
    finalidade: 'CONCESSAO_CREDITO',
    pelo_titular: false,
    ...row,
  }));
  await insert(baseC, 'consulta', ...completeRows);
}

/** Adds card purchases. Default of each: R$ 10,00, approved, on the morning of 20 November 2026. */
export async function addCompras(baseC: Pool, cpf: Cpf, ...rows: Row[]): Promise<void> {
  const completeRows = rows.map((row) => ({
    id: randomUUID(),
    cpf,
    data_hora: '2026-11-20T12:00:00Z',
    valor: '10.00',
    estabelecimento: 'Padaria Fictícia',
    bandeira: 'ELO',
    final_cartao: '0042',
    forma_pagamento: 'A_VISTA',
    parcelas: 1,
    aprovada: true,
    ...row,
  }));
  await insert(baseC, 'compra_cartao', ...completeRows);
}

/** Adds inquiries to the audit. Default of each: answered, by a third party, on the morning of 20 November 2026. */
export async function addAcessos(auditoria: Pool, cpfHash: string, ...rows: Row[]): Promise<void> {
  if (readCpf(cpfHash)) throw new Error('the audit never holds a CPF');
  const completeRows = rows.map((row) => ({
    id: randomUUID(),
    cpf_hash: cpfHash,
    client_id: 'cliente-de-teste',
    sujeito: 'atendente',
    campos: ['nome'],
    finalidade: 'VENDA_A_PRAZO',
    pelo_titular: false,
    resultado: 'ATENDIDO',
    data_hora: '2026-11-20T12:00:00Z',
    interacao: randomUUID(),
    operacao: 'Divida',
    servico: 'router',
    ...row,
  }));
  await insert(auditoria, 'acesso', ...completeRows);
}
