const END = 'public.fim_do_sigilo(a.client_id, a.sigilo_referencia, a.sigilo_ate, a.data_hora)';

/** The end of the seal of a record, of `public.acesso a`, as the decisions have it; null for a record without one. */
export const SEAL_END = `CASE WHEN a.sigilo_ate IS NOT NULL THEN ${END} END`;

/** Whether a record, of `public.acesso a`, is under seal at an instant. @param instant an expression of type timestamptz */
export const isUnderSeal = (instant: string): string => `(a.sigilo_ate IS NOT NULL AND ${END} > ${instant})`;

/** The opposite. The planner knows how many columns are null, and nothing of a negation. */
export const isOutOfSeal = (instant: string): string => `(a.sigilo_ate IS NULL OR ${END} <= ${instant})`;
