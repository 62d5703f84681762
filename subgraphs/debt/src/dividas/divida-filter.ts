import type { Data } from '@pessoa/domain/data';
import { formatDinheiro } from '@pessoa/domain/dinheiro';
import { PublicError } from '@pessoa/domain/errors';
import type { FiltroDivida } from '../generated/resolvers.ts';

/** A client's filter in canonical form, so that equal filters share a statement and a cursor. */
export interface DividaFilter {
  readonly modalidades: readonly string[] | null;
  readonly naturezas: readonly string[] | null;
  readonly situacoes: readonly string[] | null;
  readonly valorMinimo: string | null;
  readonly vencimentoDe: Data | null;
  readonly vencimentoAte: Data | null;
}

const canonical = (values: readonly string[] | null | undefined): string[] | null =>
  values ? [...new Set(values)].toSorted() : null;

/** @throws PublicError BAD_USER_INPUT when the period ends before it begins */
export function dividaFilter(filtro: FiltroDivida | null | undefined): DividaFilter {
  const { vencimentoDe = null, vencimentoAte = null, valorMinimo } = filtro ?? {};
  if (vencimentoDe && vencimentoAte && vencimentoAte < vencimentoDe) {
    throw new PublicError('BAD_USER_INPUT', { detail: '`vencimentoAte` comes before `vencimentoDe`.' });
  }
  return {
    modalidades: canonical(filtro?.modalidades),
    naturezas: canonical(filtro?.naturezas),
    situacoes: canonical(filtro?.situacoes),
    valorMinimo: valorMinimo == null ? null : formatDinheiro(valorMinimo),
    vencimentoDe,
    vencimentoAte,
  };
}

export const noFilter: DividaFilter = dividaFilter(null);
