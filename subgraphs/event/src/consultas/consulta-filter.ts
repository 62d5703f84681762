import type { Finalidade } from '@pessoa/domain/finalidade';
import type { FiltroConsulta } from '../generated/resolvers.ts';
import { type InstantRange, instantRangeOf, readPeriod } from '../period.ts';

/** Which inquiries to show, in one canonical form: equal filters share a statement and a cursor. */
export interface ConsultaFilter extends InstantRange {
  /** Sorted, without duplicates. null: every purpose. */
  readonly finalidades: readonly Finalidade[] | null;
  /** As `until`, but inquiries without an instant pass too: they may have happened before it. null is an open end. */
  readonly knownBefore: string | null;
  readonly thirdPartiesOnly: boolean;
}

/** @throws PublicError BAD_USER_INPUT for an impossible period */
export function readConsultaFilter(filtro: FiltroConsulta | null | undefined): ConsultaFilter {
  const { de, ate, finalidades } = filtro ?? {};
  return {
    ...instantRangeOf(readPeriod({ de: de ?? null, ate: ate ?? null })),
    finalidades: finalidades ? [...new Set(finalidades)].toSorted() : null,
    knownBefore: null,
    thirdPartiesOnly: false,
  };
}

/** The inquiries by third parties before this instant (RFC 3339). */
export const thirdPartyFilterBefore = (instant: string): ConsultaFilter => ({
  ...readConsultaFilter(null),
  knownBefore: instant,
  thirdPartiesOnly: true,
});
