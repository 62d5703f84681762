import { errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import type { Algorithm } from './algorithms.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { isNumericDate } from './json-segment.ts';

/** What the claims of a token must meet. */
export interface ClaimRules {
  readonly issuer: string;
  /** One of them is enough. */
  readonly audiences: readonly string[];
  readonly maxLifetimeSeconds: number;
  readonly clockToleranceSeconds: number;
}

/** Claims after the check. `iat` and `exp` are whole seconds since 1970. */
export type CheckedClaims = JWTPayload & { readonly sub: string; readonly iat: number; readonly exp: number };

const NOT_YET_VALID = 'the token is not valid yet';

const reasonOfClaim: Readonly<Record<string, string>> = {
  iss: 'the issuer is not accepted',
  aud: 'the audience is not accepted',
  nbf: NOT_YET_VALID,
};

const badClaim = (claim: string): InvalidTokenError =>
  new InvalidTokenError(`the claim ${claim} is missing or malformed`);

/** Replaces an error of jose: its errors hold the payload. Other errors stay. */
function toRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new InvalidTokenError('the token has expired');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new InvalidTokenError('the signature does not verify');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const reason = error.reason === 'check_failed' ? reasonOfClaim[error.claim] : undefined;
    return reason === undefined ? badClaim(error.claim) : new InvalidTokenError(reason);
  }
  if (error instanceof errors.JOSEError) return new InvalidTokenError('this is not a signed JWT');
  return error;
}

/**
 * Checks the signature, then `iss`, `aud`, `exp`, `nbf`, `iat` and `sub` (RFC 7519), and the lifetime `exp - iat`.
 *
 * @param payload the claims in the second segment of the token
 * @param now milliseconds since 1970
 * @throws InvalidTokenError
 */
export async function verifyClaims(
  token: string,
  payload: Readonly<Record<string, unknown>>,
  key: CryptoKey | Uint8Array,
  algorithm: Algorithm,
  rules: ClaimRules,
  now: number,
): Promise<CheckedClaims> {
  await jwtVerify(token, key, {
    algorithms: [algorithm],
    issuer: rules.issuer,
    audience: [...rules.audiences],
    clockTolerance: rules.clockToleranceSeconds,
    currentDate: new Date(now),
  }).catch((error: unknown) => {
    throw toRefusal(error);
  });
  const claims = payload as CheckedClaims;
  const { sub, nbf } = claims;
  if (typeof sub !== 'string' || sub === '') throw badClaim('sub');
  // jose accepts absent times, and infinite ones, which JSON writes as 1e999.
  if (!isNumericDate(claims.iat)) throw badClaim('iat');
  if (!isNumericDate(claims.exp)) throw badClaim('exp');
  if (nbf !== undefined && !isNumericDate(nbf)) throw badClaim('nbf');
  if (claims.iat > Math.floor(now / 1_000) + rules.clockToleranceSeconds) throw new InvalidTokenError(NOT_YET_VALID);
  if (claims.exp < claims.iat) throw new InvalidTokenError('the token ends before it begins');
  if (claims.exp - claims.iat > rules.maxLifetimeSeconds)
    throw new InvalidTokenError('the lifetime of the token is too long');
  return claims;
}
