import type { BemRow, FonteDeRendaRow, TitularRow } from '@pessoa/bases/base-b';
import { readDinheiro } from '@pessoa/domain/dinheiro';
import { PublicError } from '@pessoa/domain/errors';
import type { Bem, Endereco, FonteDeRenda, Perfil } from './perfil.ts';

/** One person may have this many assets, and this many incomes. */
export const ITEMS_MAX = 500;

/** The rows of one person in the four tables. Amounts are decimal text of PostgreSQL. */
export interface PerfilRows {
  readonly titular: TitularRow;
  readonly endereco: Endereco | undefined;
  readonly bens: readonly BemRow[];
  readonly fontesDeRenda: readonly FonteDeRendaRow[];
  /** True when a row comes from a replica that may be behind Base B. */
  readonly desatualizado: boolean;
}

/**
 * Makes a profile of its rows. An amount that is not a number (NUMERIC has NaN) costs only its own item.
 *
 * @throws PublicError FONTE_INVALIDA for more than `ITEMS_MAX` assets or incomes: a score over a part of them would be
 *   wrong, and nobody could tell
 */
export function perfilOf({ titular, endereco, bens, fontesDeRenda, desatualizado }: PerfilRows): Perfil {
  if (bens.length > ITEMS_MAX) fail(`bem has more than ${ITEMS_MAX} rows for one CPF`);
  if (fontesDeRenda.length > ITEMS_MAX) fail(`fonte_de_renda has more than ${ITEMS_MAX} rows for one CPF`);
  return {
    nascimento: titular.nascimento,
    endereco: endereco ?? null,
    bens: bens.map((row) => catchPublicError(() => bemOf(row))),
    fontesDeRenda: fontesDeRenda.map((row) => catchPublicError(() => fonteDeRendaOf(row))),
    desatualizado,
  };
}

const bemOf = ({ cpf: _, valorEstimado, saldoDevedor, ...bem }: BemRow): Bem => ({
  ...bem,
  valorEstimadoCentavos: valorEstimado === null ? null : centavos(valorEstimado),
  saldoDevedorCentavos: saldoDevedor === null ? null : centavos(saldoDevedor),
});

const fonteDeRendaOf = ({ cpf: _, valor, ...renda }: FonteDeRendaRow): FonteDeRenda => ({
  ...renda,
  valorCentavos: centavos(valor),
});

const centavos = (amount: string): bigint => readDinheiro(amount) ?? fail('an amount is not a number');

function fail(reason: string): never {
  throw new PublicError('FONTE_INVALIDA', { fonte: 'score', cause: new Error(reason) });
}

/**
 * @returns the result of `work`, or the PublicError that it throws: the error of one person or row is not that of
 *   others
 */
export function catchPublicError<T>(work: () => T): T | PublicError {
  try {
    return work();
  } catch (error) {
    if (error instanceof PublicError) return error;
    throw error;
  }
}
