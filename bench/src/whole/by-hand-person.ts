import { type Cpf } from '@pessoa/domain/cpf';
import { systemClock } from '@pessoa/domain/data';
import { visibilityFor } from '@pessoa/debt/dividas/visibility';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '@pessoa/event/movimentacoes/movimentacao-filter';
import { instantRangeOf, startOfTomorrow } from '@pessoa/event/period';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Perfil } from '@pessoa/score/perfis/perfil';
import { modelos } from '@pessoa/score/modelo/modelos';
import { perfilOf } from '@pessoa/score/perfis/perfil-rows';
import { scoreOf } from '@pessoa/score/perfis/score';
import * as sql from './by-hand-statements.ts';
import { auditReader, baseA, baseB, baseC, caches, cpfHash, type Row, rowsOf } from './by-hand-stores.ts';

const FIRST = 25;

/** @param rows the debts of one person; one row without a debt for a person without debts */
export function debtsOf(rows: readonly Row[]): { nome: string | null; dividas: object | null } {
  if (rows.length === 0) return { nome: null, dividas: null };
  const debts = rows.filter(({ id }) => id !== null);
  return {
    nome: rows[0]!['nome']!,
    dividas: { nodes: debts.map(({ credor, valor }) => ({ credor: { nome: credor }, valorOriginal: valor })) },
  };
}

export const profileOf = (titular: Row, endereco: Row | undefined, bens: Row[], fontesDeRenda: Row[]): Perfil =>
  perfilOf({ titular, endereco: endereco && { ...endereco, atualizadoEm: readEpoch(endereco['atualizadoEm'] ?? null) }, bens, fontesDeRenda, desatualizado: false } as never); // prettier-ignore

export function scoreAnswerOf(perfil: Perfil | undefined): object | null {
  if (!perfil) return null;
  const { valor, faixa, motivos } = scoreOf(perfil, systemClock, { modelo: modelos['pessoa-2026.1'] });
  return { valor, faixa, motivos: motivos.map(({ descricao }) => ({ descricao })) };
}

/** The newest of inquiries, here and elsewhere. */
export function inquiryOf(rows: readonly Row[]): { dataHora: Date } | null {
  const instants = rows.map(({ segundos }) => Math.round(Number(segundos) * 1_000));
  return instants.length === 0 ? null : { dataHora: new Date(Math.max(...instants)) };
}

async function dividas(cpf: Cpf): Promise<ReturnType<typeof debtsOf>> {
  const { situacoes, vencimentoDesde, hoje } = visibilityFor(false, systemClock)!;
  return debtsOf(await rowsOf(baseA, sql.dividas, [cpf, situacoes, vencimentoDesde, hoje, FIRST]));
}

async function perfil(cpf: Cpf): Promise<Perfil | undefined> {
  const known = caches?.perfis.get(cpf);
  if (known) return known;
  const [titulares, enderecos, bens, fontesDeRenda] = await Promise.all(
    [sql.titulares, sql.enderecos, sql.bens, sql.fontesDeRenda].map((statement) => rowsOf(baseB, statement, [cpf])),
  );
  const [titular] = titulares!;
  if (!titular) return undefined;
  const read = profileOf(titular, enderecos![0], bens!, fontesDeRenda!);
  caches?.perfis.set(cpf, read);
  return read;
}

async function ultimaCompra(cpf: Cpf, tomorrow: string): Promise<{ valor: string } | null> {
  const known = caches?.compras.get(cpf);
  const valor = known === undefined ? ((await rowsOf(baseC, sql.compras, [cpf, tomorrow]))[0]?.['valor'] ?? null) : known; // prettier-ignore
  caches?.compras.set(cpf, valor);
  return valor === null ? null : { valor };
}

async function ultimaConsulta(cpf: Cpf, tomorrow: string): Promise<{ dataHora: Date } | null> {
  const [elsewhere, here] = await Promise.all([
    rowsOf(baseC, sql.consultas, [cpf, tomorrow]),
    rowsOf(auditReader, sql.acessos, [cpfHash(cpf), tomorrow]),
  ]);
  return inquiryOf([...elsewhere, ...here]);
}

/** The answer to the main query. */
export async function pessoa(cpf: Cpf, showsBankData: boolean): Promise<object | null> {
  const tomorrow = startOfTomorrow(systemClock);
  const period = instantRangeOf(completeMovimentacaoFilter(readMovimentacaoFilter(null), systemClock));
  const [debts, profile, known, consulta, movimentacoes, compra] = await Promise.all([
    dividas(cpf),
    perfil(cpf),
    rowsOf(baseC, sql.titularesDeEventos, [cpf]),
    ultimaConsulta(cpf, tomorrow),
    rowsOf(baseC, sql.movimentacoes, [cpf, period.from, period.until, FIRST]),
    ultimaCompra(cpf, tomorrow),
  ]);
  return {
    ...debts,
    score: scoreAnswerOf(profile),
    eventos:
      known.length > 0 && showsBankData
        ? { ultimaConsulta: consulta, movimentacaoFinanceira: { nodes: movimentacoes }, ultimaCompraCartao: compra }
        : null,
  };
}
