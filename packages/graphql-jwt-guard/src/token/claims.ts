import { errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import type { Algorithm } from './algorithms.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { readJsonSegment } from './json-segment.ts';

/** What a token must say. Times are in seconds. */
export interface ClaimRules {
  readonly issuer: string;
  readonly audience: string;
  readonly maxLifetimeSeconds: number;
  readonly clockToleranceSeconds: number;
}

/** The claims once they are checked: the times are whole seconds. */
export type CheckedClaims = JWTPayload & { readonly sub: string; readonly iat: number; readonly exp: number };

const NOT_YET_VALID = 'the token is not valid yet';

const reasonOfClaim: Readonly<Record<string, string>> = {
  iss: 'the issuer is not accepted',
  aud: 'the audience is not accepted',
  nbf: NOT_YET_VALID,
};

/** Of the year 9999: no date lies beyond it. */
const LAST_SECOND = 253_402_300_799;

const isNumericDate = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LAST_SECOND;

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
 * @param payload the token's second segment
 * @param now milliseconds
 * @throws InvalidTokenError
 */
export async function verifyClaims(
  token: string,
  payload: string,
  key: CryptoKey | Uint8Array,
  algorithm: Algorithm,
  rules: ClaimRules,
  now: number,
): Promise<CheckedClaims> {
  await jwtVerify(token, key, {
    algorithms: [algorithm],
    issuer: rules.issuer,
    audience: rules.audience,
    clockTolerance: rules.clockToleranceSeconds,
    currentDate: new Date(now),
  }).catch((fault: unknown) => {
    throw refusalOf(fault);
  });
  const claims = readJsonSegment(payload) as CheckedClaims;
  const { sub, nbf, cnf } = claims;
  if (typeof sub !== 'string' || sub === '') throw badClaim('sub');
  // Also where they are absent, or no date at all, as JSON can spell it: 1e999.
  if (!isNumericDate(claims.iat)) throw badClaim('iat');
  if (!isNumericDate(claims.exp)) throw badClaim('exp');
  if (nbf !== undefined && !isNumericDate(nbf)) throw badClaim('nbf');
  // RFC 7800: without the proof that it asks for, a bound token is a stolen one.
  if (cnf !== undefined)
    throw new InvalidTokenError('the token is bound to a key (cnf) whose proof is not asked for here');
  if (claims.iat > Math.floor(now / 1_000) + rules.clockToleranceSeconds) throw new InvalidTokenError(NOT_YET_VALID);
  if (claims.exp < claims.iat) throw new InvalidTokenError('the token ends before it begins');
  if (claims.exp - claims.iat > rules.maxLifetimeSeconds)
    throw new InvalidTokenError('the token lives longer than is accepted');
  return claims;
}
