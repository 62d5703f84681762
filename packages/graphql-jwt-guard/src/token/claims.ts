import { errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import type { Algorithm } from './algorithms.ts';
import { InvalidTokenError } from './invalid-token-error.ts';

/** What a token must say. Times are in seconds. */
export interface ClaimRules {
  readonly issuer: string;
  readonly audience: string;
  readonly maxLifetimeSeconds: number;
  readonly clockToleranceSeconds: number;
}

/** The claims once they are checked: the times are finite numbers. */
export type CheckedClaims = JWTPayload & { readonly sub: string; readonly iat: number; readonly exp: number };

const NOT_YET_VALID = 'the token is not valid yet';

const reasonOfClaim: Readonly<Record<string, string>> = {
  iss: 'the issuer is not accepted',
  aud: 'the audience is not accepted',
  nbf: NOT_YET_VALID,
};

const badClaim = (claim: string): InvalidTokenError =>
  new InvalidTokenError(`the claim ${claim} is missing or malformed`);

function refusalOf(fault: unknown): unknown {
  if (fault instanceof errors.JWTExpired) return new InvalidTokenError('the token has expired');
  if (fault instanceof errors.JWSSignatureVerificationFailed)
    return new InvalidTokenError('the signature does not verify');
  if (fault instanceof errors.JWTClaimValidationFailed) {
    const reason = fault.reason === 'check_failed' ? reasonOfClaim[fault.claim] : undefined;
    return reason === undefined ? badClaim(fault.claim) : new InvalidTokenError(reason);
  }
  if (fault instanceof errors.JOSEError) return new InvalidTokenError('this is not a signed JWT');
  return fault;
}

/**
 * Checks the signature, then `iss`, `aud`, `exp`, `nbf`, `iat` and `sub` (RFC 7519), and the lifetime `exp - iat`.
 *
 * @param now milliseconds
 * @throws InvalidTokenError
 */
export async function verifyClaims(
  token: string,
  key: CryptoKey | Uint8Array,
  algorithm: Algorithm,
  rules: ClaimRules,
  now: number,
): Promise<CheckedClaims> {
  const { payload } = await jwtVerify(token, key, {
    algorithms: [algorithm],
    issuer: rules.issuer,
    audience: rules.audience,
    clockTolerance: rules.clockToleranceSeconds,
    currentDate: new Date(now),
  }).catch((fault: unknown) => {
    throw refusalOf(fault);
  });
  const { sub, iat, exp } = payload;
  if (typeof sub !== 'string' || sub === '') throw badClaim('sub');
  // Also where they are absent, or too large for a number, as JSON can spell it: 1e999.
  if (!Number.isFinite(iat)) throw badClaim('iat');
  if (!Number.isFinite(exp)) throw badClaim('exp');
  const claims = payload as CheckedClaims;
  if (claims.iat > Math.floor(now / 1_000) + rules.clockToleranceSeconds) throw new InvalidTokenError(NOT_YET_VALID);
  if (claims.exp - claims.iat > rules.maxLifetimeSeconds)
    throw new InvalidTokenError('the token lives longer than is accepted');
  return claims;
}
