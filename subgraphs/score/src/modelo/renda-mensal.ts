import { centavosLegiveis } from './legivel.ts';
import type { FonteDeRendaBruta } from './perfil-permitido.ts';

/**
 * Payments a year. DIARIA: the 252 business days of the Brazilian financial calendar. QUINZENAL: two payments a month,
 * as wages are paid, not one every 14 days.
 */
export const pagamentosPorAno: ReadonlyMap<string, bigint> = new Map([
  ['DIARIA', 252n],
  ['SEMANAL', 52n],
  ['QUINZENAL', 24n],
  ['MENSAL', 12n],
  ['BIMESTRAL', 6n],
  ['TRIMESTRAL', 4n],
  ['SEMESTRAL', 2n],
  ['ANUAL', 1n],
]);

type Renda = Pick<FonteDeRendaBruta, 'valorCentavos' | 'periodicidade'>;

/** @returns centavos a year; undefined when the amount is unreadable or the period is not one of the eight. */
export function rendaAnualCentavos({ valorCentavos, periodicidade }: Renda): bigint | undefined {
  const valor = centavosLegiveis(valorCentavos);
  const pagamentos = pagamentosPorAno.get(periodicidade);
  return valor === undefined || pagamentos === undefined ? undefined : valor * pagamentos;
}

/**
 * The monthly equivalent of all sources together: the year's payments are summed first and divided by 12 once, rounded
 * down, so that the split into sources does not change the sum.
 * @returns centavos; undefined when no source is readable, which is not the same as 0
 */
export function rendaMensalCentavos(fontes: readonly Renda[]): bigint | undefined {
  const anuais = fontes.map(rendaAnualCentavos).filter((anual) => anual !== undefined);
  return anuais.length === 0 ? undefined : anuais.reduce((soma, anual) => soma + anual, 0n) / 12n;
}
