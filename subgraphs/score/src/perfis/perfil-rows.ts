import type { BemRow, FonteDeRendaRow, TitularRow } from '@pessoa/bases/base-b';
import { readDinheiro } from '@pessoa/domain/dinheiro';
import { PublicError } from '@pessoa/domain/errors';
import type { Bem, Endereco, FonteDeRenda, Perfil } from './perfil.ts';

/** Assets, and again sources of income, that one person may have. */
export const ITEMS_MAX = 500;

/** What the four tables have of one person; money as the decimal text of PostgreSQL. */
export interface PerfilRows {
  readonly titular: TitularRow;
  readonly endereco: Endereco | undefined;
  readonly bens: readonly BemRow[];
  readonly fontesDeRenda: readonly FonteDeRendaRow[];
  /** One of them comes from a copy that may lack what Base B has had for a while. */
  readonly desatualizado: boolean;
}

/**
 * An amount that is none (NUMERIC has NaN) costs its item alone.
 * @throws PublicError FONTE_INVALIDA for more than `ITEMS_MAX` items: a note over a part of them would be wrong, and
 *   nobody could tell
 */
export function perfilOf({ titular, endereco, bens, fontesDeRenda, desatualizado }: PerfilRows): Perfil {
  if (bens.length > ITEMS_MAX) fail(`bem has more than ${ITEMS_MAX} rows for one CPF`);
  if (fontesDeRenda.length > ITEMS_MAX) fail(`fonte_de_renda has more than ${ITEMS_MAX} rows for one CPF`);
  return {
    nascimento: titular.nascimento,
    endereco: endereco ?? null,
    bens: bens.map((row) => orItsError(() => bemOf(row))),
    fontesDeRenda: fontesDeRenda.map((row) => orItsError(() => fonteDeRendaOf(row))),
    desatualizado,
  };
}

const bemOf = ({ cpf: _, valorEstimado, saldoDevedor, ...bem }: BemRow): Bem => ({
  ...bem,
  valorEstimadoCentavos: valorEstimado === null ? null : centavos(valorEstimado),
  saldoDevedorCentavos: saldoDevedor === null ? null : centavos(saldoDevedor),
});

const fonteDeRendaOf = ({ cpf: _, valor, ...fonte }: FonteDeRendaRow): FonteDeRenda => ({
  ...fonte,
  valorCentavos: centavos(valor),
});

const centavos = (text: string): bigint => readDinheiro(text) ?? fail('an amount is not a number');

function fail(reason: string): never {
  throw new PublicError('FONTE_INVALIDA', { fonte: 'score', cause: new Error(reason) });
}

/** One person's or one row's error is not the others'. */
export function orItsError<T>(work: () => T): T | PublicError {
  try {
    return work();
  } catch (error) {
    if (error instanceof PublicError) return error;
    throw error;
  }
}
