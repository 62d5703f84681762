import { isPublicErrorCode, PublicError, type PublicErrorCode } from '@pessoa/domain/errors';
import { type Motivo, refusalReasonOf } from '@pessoa/domain/motivo';

/** Why the auditor refused, by its answer. */
export interface AuditorRefusal {
  readonly code: PublicErrorCode;
  readonly motivo: Motivo | undefined;
}

/**
 * @throws PublicError FONTE_INVALIDA when the auditor answers with an error that is none of ours, or refuses the router: the token of
 * the caller is valid here
 */
export function refusalIn(body: Buffer): AuditorRefusal {
  const { code, ...reason } = jsonIn(body) as { code?: unknown; motivo?: unknown };
  if (isPublicErrorCode(code) && code !== 'UNAUTHENTICATED')
    return { code, motivo: refusalReasonOf(code, reason)?.motivo };
  throw new PublicError('FONTE_INVALIDA', { fonte: 'auditoria' });
}

/** The JSON of an answer; an empty object for anything else. */
export function jsonIn(body: Buffer): object {
  try {
    return (JSON.parse(body.toString('utf8')) as object | null) ?? {};
  } catch {
    return {};
  }
}
