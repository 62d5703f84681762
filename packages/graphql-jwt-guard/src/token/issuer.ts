import { defaultAlgorithms, isAlgorithm, type Algorithm } from './algorithms.ts';
import { ABSENT, typeOf, type HeaderRules } from './header.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { KeySource } from './key-source.ts';
import { jwksReader, type JwksLocation } from './read-jwks.ts';
import { VerificationKeys } from './verification-keys.ts';

/** An issuer whose tokens are accepted. Its keys verify its own tokens and no others. */
export interface TrustedIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** `aud` must be, or must contain, one of these values. */
  readonly audiences: readonly string[];
  readonly jwks: JwksLocation;
  /** Default: PS256, RS256, ES256 and EdDSA. HS256, HS384 and HS512 work only if they are listed here. */
  readonly algorithms?: readonly Algorithm[];
  /**
   * Accepted values of `typ`. Case does not count, and `application/` is optional. `absent` accepts a token without
   * `typ`. Default: `at+jwt`, `JWT` and `absent`.
   */
  readonly types?: readonly string[];
  /** The highest `exp - iat`. Default: 900. */
  readonly maxLifetimeSeconds?: number;
}

/** What the tokens of one issuer must meet, and the keys that verify them. */
export interface Issuer extends HeaderRules {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly maxLifetimeSeconds: number;
  readonly keys: KeySource;
}

/** @throws TypeError, RangeError for options that would disable a check, such as an empty audience */
function openIssuer(options: TrustedIssuer, isRefusedKeyId: (kid: string) => boolean): Issuer {
  const { issuer, audiences, jwks, algorithms = defaultAlgorithms, types = ['at+jwt', 'JWT', ABSENT] } = options;
  const { maxLifetimeSeconds = 900 } = options;
  if (!issuer) throw new TypeError('issuer must not be empty');
  if (audiences.length === 0 || audiences.some((audience) => !audience))
    throw new TypeError('audiences must not be empty');
  if (algorithms.length === 0 || !algorithms.every(isAlgorithm))
    throw new TypeError('algorithms must not be empty or have an unknown name');
  if (types.length === 0 || types.some((type) => type === '')) throw new TypeError('types must not be empty');
  if (!(maxLifetimeSeconds > 0)) throw new RangeError('maxLifetimeSeconds must be positive');
  return {
    issuer,
    audiences: [...audiences],
    maxLifetimeSeconds,
    algorithms: new Set(algorithms),
    types: new Set(types.map(typeOf)),
    keys: new KeySource(jwksReader(jwks), new VerificationKeys(isRefusedKeyId)),
  };
}

/** @throws TypeError, RangeError for options that would disable a check, for no issuer, and for one that is listed twice */
export function openIssuers(
  list: readonly TrustedIssuer[],
  isRefusedKeyId: (kid: string) => boolean,
): ReadonlyMap<string, Issuer> {
  if (list.length === 0) throw new TypeError('issuers must not be empty');
  const issuers = new Map(list.map((options) => [options.issuer, openIssuer(options, isRefusedKeyId)]));
  if (issuers.size < list.length) throw new TypeError('issuers must not have an issuer twice');
  return issuers;
}

/**
 * Selects the issuer of a token. Its `iss` is not verified yet: it only selects the keys and rules that then verify it.
 *
 * @throws InvalidTokenError
 */
export function issuerOf({ iss }: Readonly<Record<string, unknown>>, issuers: ReadonlyMap<string, Issuer>): Issuer {
  if (iss === undefined) throw new InvalidTokenError('the claim iss is missing or malformed');
  const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined;
  if (issuer === undefined) throw new InvalidTokenError('the issuer is not accepted');
  return issuer;
}
