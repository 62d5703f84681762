/**
 * Why a request is refused with 403. It follows from the token and the schema alone, so it tells nothing of the person
 * asked for. In the order in which they are told where several hold.
 */
export const motivos = ['ESCOPO', 'TITULAR', 'CONSENTIMENTO', 'FINALIDADE'] as const;

export type Motivo = (typeof motivos)[number];

/** Every scope that a token of this API may need. */
export const escopos = [
  'divida:read',
  'divida:read:completo',
  'score:read',
  'score:detalhe',
  'score:extracao',
  'evento:read',
  'evento:movimentacao',
] as const;

type Escopo = (typeof escopos)[number];

/** What a refusal says of its reason. */
export interface Recusa {
  readonly motivo: Motivo;
  /** With ESCOPO: the scopes that the token must have, those that it lacks among them. */
  readonly escopos?: readonly Escopo[];
}

const FINALIDADE: Recusa = { motivo: 'FINALIDADE' };

/**
 * The reason that an error may be told with.
 *
 * @param given where it says why, `motivo` and `escopos`; what is not of the closed lists is left out
 * @returns undefined for an error that is no refusal, or that does not say why
 */
export function recusaOf(
  code: unknown,
  given: { readonly motivo?: unknown; readonly escopos?: unknown } | undefined,
): Recusa | undefined {
  if (code === 'FINALIDADE_AUSENTE') return FINALIDADE;
  if (code !== 'UNAUTHORIZED_FIELD_OR_TYPE') return undefined;
  const motivo = motivos.find((one) => one === given?.motivo);
  if (motivo === undefined || motivo === 'FINALIDADE') return undefined;
  const named = given?.escopos;
  const known = motivo === 'ESCOPO' && Array.isArray(named) ? escopos.filter((one) => named.includes(one)) : [];
  return known.length > 0 ? { motivo, escopos: known } : { motivo };
}

/** The reason that comes first in the order of `motivos`, with the scopes that all of the same reason need. */
export function firstRecusa(recusas: readonly (Recusa | undefined)[]): Recusa | undefined {
  const motivo = motivos.find((one) => recusas.some((recusa) => recusa?.motivo === one));
  if (motivo === undefined) return undefined;
  const needed = new Set(recusas.flatMap((recusa) => (recusa?.motivo === motivo ? (recusa.escopos ?? []) : [])));
  return needed.size > 0 ? { motivo, escopos: escopos.filter((one) => needed.has(one)) } : { motivo };
}

/** The challenge that goes with a refusal by REST (RFC 6750 section 3.1); undefined where no other scope would help. */
export const challengeOf = ({ motivo, escopos: needed }: Recusa): string | undefined =>
  motivo === 'ESCOPO' ? `Bearer error="insufficient_scope"${needed ? `, scope="${needed.join(' ')}"` : ''}` : undefined;
