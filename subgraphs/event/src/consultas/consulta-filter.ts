import type { Finalidade } from '@pessoa/domain/finalidade';
import type { FiltroConsulta } from '../generated/resolvers.ts';
import { type Instantes, instantesOf, readPeriodo } from '../periodo.ts';

/** Which reads to show, in one canonical form, so that equal filters share a statement and a cursor. */
export interface ConsultaFilter extends Instantes {
  readonly finalidades: readonly Finalidade[] | null;
  /** As `until`, but for a read without an instant, which may be of any time. */
  readonly knownBefore: string | null;
  readonly thirdPartiesOnly: boolean;
}

/** @throws PublicError BAD_USER_INPUT for a period that cannot be */
export function consultaFilter(filtro: FiltroConsulta | null | undefined): ConsultaFilter {
  const { de, ate, finalidades } = filtro ?? {};
  return {
    ...instantesOf(readPeriodo({ de: de ?? null, ate: ate ?? null })),
    finalidades: finalidades ? [...new Set(finalidades)].toSorted() : null,
    knownBefore: null,
    thirdPartiesOnly: false,
  };
}

/** What third parties have read before this instant (RFC 3339). */
export const byThirdPartiesBefore = (instant: string): ConsultaFilter => ({
  ...consultaFilter(null),
  knownBefore: instant,
  thirdPartiesOnly: true,
});
