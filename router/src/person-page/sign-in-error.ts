import { PublicError } from '@pessoa/domain/errors';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';

/** Errors with which an issuer says in the browser that it does not work (RFC 6749 section 4.1.2.1). */
const OUTAGES: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/** The codes of openid-client for claims of the ID token that are not those of this sign-in. */
const FAILED_CHECKS: ReadonlySet<unknown> = new Set([
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
]);

/**
 * Converts what openid-client throws at the end of a sign-in. UNAUTHENTICATED is a refusal: of the user, of the code, or by a check of
 * state, nonce or ID token. Everything else is a fault of the issuer or of our client there, which the user did not cause and the
 * operator must see in the log: a timeout, a 5xx, `invalid_client`.
 */
export function toSignInError(error: unknown): PublicError {
  if (isRefusal(error))
    return new PublicError('UNAUTHENTICATED', { detail: 'The issuer did not complete the sign-in.', cause: error });
  return new PublicError('FONTE_INDISPONIVEL', {
    detail: 'The issuer of the tokens does not answer, or not with a token.',
    cause: error instanceof ResponseBodyError ? withItsCode(error) : error,
  });
}

function isRefusal(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError) return !OUTAGES.has(error.error);
  if (error instanceof ResponseBodyError) return error.error === 'invalid_grant';
  if (!(error instanceof ClientError)) return false;
  return FAILED_CHECKS.has(error.code) || (error.code === 'OAUTH_INVALID_RESPONSE' && !isOfBody(error));
}

/** Whether the fault is in the body of the token endpoint's answer, and not in the address of the browser or in the ID token. */
function isOfBody({ cause }: Error): boolean {
  const about = (cause as Error | undefined)?.cause;
  return typeof about === 'object' && about !== null && 'body' in about;
}

/** The log shows no members of the error, and `invalid_client` is what the operator must know. Another code may be any text. */
const withItsCode = (cause: ResponseBodyError): Error =>
  new Error(`the token endpoint answers ${/^[a-z_]{1,40}$/.test(cause.error) ? cause.error : 'another error'}`, {
    cause,
  });
