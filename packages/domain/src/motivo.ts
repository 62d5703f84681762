/**
 * Why a request is refused with 403. The reason follows from token, schema and settings, so it reveals nothing about
 * the person. When several reasons apply, the answer names the first of this list.
 */
export const motivos = ['ESCOPO', 'TITULAR', 'OPERADOR', 'CONSENTIMENTO', 'FINALIDADE'] as const;

export type Motivo = (typeof motivos)[number];

/**
 * Every scope that a token of this API may need. No field needs `score:extracao` or one of `auditoria`: `npm run extract` and
 * the commands over the audit do.
 */
export const escopos = [
  'divida:read',
  'divida:read:completo',
  'score:read',
  'score:detalhe',
  'score:extracao',
  'evento:read',
  'evento:movimentacao',
  'cadastro:read',
  'auditoria:read',
  'auditoria:eliminacao',
  'auditoria:sigilo',
] as const;

type Escopo = (typeof escopos)[number];

/** The reason of a refusal, as an answer shows it. */
export interface RefusalReason {
  readonly motivo: Motivo;
  /** With ESCOPO: all scopes that the token must have, including those that it already has. */
  readonly escopos?: readonly Escopo[];
}

const FINALIDADE: RefusalReason = { motivo: 'FINALIDADE' };

/**
 * The reason that an answer may show for an error.
 *
 * @param extensions of the error, perhaps from another process; values outside the closed lists are dropped
 * @returns undefined when the code is not a refusal (403), or `extensions` has no known reason
 */
export function refusalReasonOf(
  code: unknown,
  extensions: { readonly motivo?: unknown; readonly escopos?: unknown } | undefined,
): RefusalReason | undefined {
  if (code === 'FINALIDADE_AUSENTE') return FINALIDADE;
  if (code !== 'UNAUTHORIZED_FIELD_OR_TYPE') return undefined;
  const motivo = motivos.find((knownMotivo) => knownMotivo === extensions?.motivo);
  if (motivo === undefined || motivo === 'FINALIDADE') return undefined;
  const requestedScopes = extensions?.escopos;
  const knownScopes =
    motivo === 'ESCOPO' && Array.isArray(requestedScopes)
      ? escopos.filter((escopo) => requestedScopes.includes(escopo))
      : [];
  return knownScopes.length > 0 ? { motivo, escopos: knownScopes } : { motivo };
}

/** The reason that comes first in the order of `motivos`, with the scopes of all reasons of that kind together. */
export function firstRefusalReason(reasons: readonly (RefusalReason | undefined)[]): RefusalReason | undefined {
  const motivo = motivos.find((candidate) => reasons.some((reason) => reason?.motivo === candidate));
  if (motivo === undefined) return undefined;
  const requiredScopes = new Set(
    reasons.flatMap((reason) => (reason?.motivo === motivo ? (reason.escopos ?? []) : [])),
  );
  return requiredScopes.size > 0
    ? { motivo, escopos: escopos.filter((escopo) => requiredScopes.has(escopo)) }
    : { motivo };
}

/** The value of `WWW-Authenticate` for a refusal (RFC 6750 section 3.1); undefined when other scopes would not help. */
export function challengeOf({ motivo, escopos: required }: RefusalReason): string | undefined {
  if (motivo !== 'ESCOPO') return undefined;
  return `Bearer error="insufficient_scope"${required ? `, scope="${required.join(' ')}"` : ''}`;
}
