import type { Periodicidade } from '../generated/resolvers.ts';
import type { RawFonteDeRenda } from './permitted-perfil.ts';
import { readableCentavos } from './readable-values.ts';

// A record, so that the compiler names a value of the SDL that is missing here.
const payments: Record<Periodicidade, bigint> = {
  DIARIA: 252n,
  SEMANAL: 52n,
  QUINZENAL: 24n,
  MENSAL: 12n,
  BIMESTRAL: 6n,
  TRIMESTRAL: 4n,
  SEMESTRAL: 2n,
  ANUAL: 1n,
};

/**
 * Payments a year by `periodicidade`. DIARIA is the 252 business days of the Brazilian financial calendar. QUINZENAL is
 * two payments a month, as wages are paid, and not one every 14 days.
 */
export const paymentsPerYear: ReadonlyMap<string, bigint> = new Map(Object.entries(payments));

type Renda = Pick<RawFonteDeRenda, 'valorCentavos' | 'periodicidade'>;

/** @returns centavos a year; undefined when the amount is unreadable or the period is not one of the eight */
export function rendaAnualCentavos({ valorCentavos, periodicidade }: Renda): bigint | undefined {
  const valor = readableCentavos(valorCentavos);
  const paymentsAYear = paymentsPerYear.get(periodicidade);
  return valor === undefined || paymentsAYear === undefined ? undefined : valor * paymentsAYear;
}

/**
 * The monthly equivalent of all incomes together. The payments of the year are summed first and divided by 12 once,
 * rounded down: so the sum does not depend on how it is split into incomes.
 *
 * @returns centavos; undefined when no income is readable, which is not the same as 0
 */
export function rendaMensalCentavos(rendas: readonly Renda[]): bigint | undefined {
  const yearlyCentavos = rendas.map(rendaAnualCentavos).filter((centavosAYear) => centavosAYear !== undefined);
  return yearlyCentavos.length === 0 ? undefined : yearlyCentavos.reduce((sum, anual) => sum + anual, 0n) / 12n;
}
