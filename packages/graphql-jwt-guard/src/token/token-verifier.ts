import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { defaultAlgorithms, isAlgorithm, type Algorithm } from './algorithms.ts';
import { readBearerToken, segmentsOf } from './bearer-token.ts';
import { verifyClaims, type ClaimRules } from './claims.ts';
import { ABSENT, readHeader, typeOf, type HeaderRules } from './header.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { KeySource } from './key-source.ts';
import { jwksReader, type JwksLocation } from './read-jwks.ts';
import { VerificationKeys, type VerificationKey } from './verification-keys.ts';

/** `V` is the type of the viewer: what the application needs to know of the caller. */
export interface TokenVerifierOptions<V extends object> {
  readonly jwks: JwksLocation;
  /** The required `iss`. */
  readonly issuer: string;
  /** `aud` must be, or must contain, this value. */
  readonly audience: string;
  /** Default: PS256, RS256, ES256 and EdDSA. HS256, HS384 and HS512 work only if they are listed here. */
  readonly algorithms?: readonly Algorithm[];
  /**
   * Accepted values of `typ`. Case does not count, and `application/` is optional. `absent` accepts a token without
   * `typ`. Default: `at+jwt`, `JWT` and `absent`.
   */
  readonly types?: readonly string[];
  /** The highest `exp - iat`. Default: 900. */
  readonly maxLifetimeSeconds?: number;
  /** Tolerance for `exp`, `nbf` and `iat`. Default: 10. */
  readonly clockToleranceSeconds?: number;
  /** The verifier refuses longer tokens without parsing them. Default: 10,240. */
  readonly maxTokenBytes?: number;
  /** The highest number of cached tokens. Default: 10,000. */
  readonly cacheMaxTokens?: number;
  /** Memory of cached tokens. Each counts as 600 bytes and six times its length. Default: 32 MiB. */
  readonly cacheMaxBytes?: number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: () => number;
  /**
   * True for ids of keys that the verifier must refuse although the JWKS holds them. Example: a development key in
   * production.
   */
  readonly isRefusedKeyId?: (kid: string) => boolean;
  /** Makes the viewer from the verified claims, once per cached token. It may throw InvalidTokenError. */
  readonly toViewer: (claims: JWTPayload) => V;
}

/** Gives the viewer of a request. */
export interface TokenVerifier<V extends object> {
  /**
   * Checks the token of an `Authorization` header.
   *
   * @throws InvalidTokenError if the token is absent or refused
   * @throws KeysUnavailableError if there are no valid keys: no read of the JWKS succeeded in the last 24 hours
   */
  verify(authorizationHeader: string | undefined): Promise<V>;
  /** Gives the viewer of a cached token without a promise. Undefined: call `verify`. Never throws. */
  verifyCached(authorizationHeader: string | undefined): V | undefined;
  /**
   * Resolves when the keys are valid. After a rejection, call it again; it reads the JWKS at most once a second.
   *
   * @throws KeysUnavailableError
   */
  ready(): Promise<void>;
}

interface CachedToken<V> {
  readonly viewer: V;
  readonly key: VerificationKey;
  readonly expiresAtMillis: number;
}

/** Memory of a cached token without its viewer: hash, entry and the lists of lru-cache. */
const ENTRY_BYTES = 600;
/** Memory of a viewer for each byte of its token. */
const BYTES_PER_TOKEN_BYTE = 6;

/** @throws TypeError, RangeError for options that would disable a check, such as an empty issuer */
function readOptions<V extends object>(options: TokenVerifierOptions<V>): ClaimRules & HeaderRules {
  const { issuer, audience, algorithms = defaultAlgorithms, types = ['at+jwt', 'JWT', ABSENT] } = options;
  const { maxLifetimeSeconds = 900, clockToleranceSeconds = 10 } = options;
  if (!issuer) throw new TypeError('issuer must not be empty');
  if (!audience) throw new TypeError('audience must not be empty');
  if (algorithms.length === 0 || !algorithms.every(isAlgorithm))
    throw new TypeError('algorithms must not be empty or have an unknown name');
  if (types.length === 0 || types.some((type) => type === '')) throw new TypeError('types must not be empty');
  if (!(maxLifetimeSeconds > 0)) throw new RangeError('maxLifetimeSeconds must be positive');
  if (!(clockToleranceSeconds >= 0)) throw new RangeError('clockToleranceSeconds must not be negative');
  return {
    issuer,
    audience,
    maxLifetimeSeconds,
    clockToleranceSeconds,
    algorithms: new Set(algorithms),
    types: new Set(types.map(typeOf)),
  };
}

/**
 * Creates a verifier of bearer tokens (RFC 6750) that are signed JWTs. Their keys are in a JWKS. The verifier caches a
 * verified token, by its SHA-256, until it expires or its key leaves the JWKS.
 *
 * @throws TypeError, RangeError for options that would disable a check
 */
export function createTokenVerifier<V extends object>(options: TokenVerifierOptions<V>): TokenVerifier<V> {
  const rules = readOptions(options);
  const { clock = Date.now, isRefusedKeyId = () => false, maxTokenBytes = 10 * 1024 } = options;
  const { cacheMaxTokens = 10_000, cacheMaxBytes = 32 * 1024 * 1024 } = options;
  const keys = new KeySource(jwksReader(options.jwks), new VerificationKeys(isRefusedKeyId));
  const cachedTokens = new LRUCache<string, CachedToken<V>>({ max: cacheMaxTokens, maxSize: cacheMaxBytes });

  // The cache holds hashes, so that no usable token stays in memory after its request.
  const idOf = (token: string): string => hash('sha256', token, 'base64');

  function findCached(token: string): V | undefined {
    const id = idOf(token);
    const entry = cachedTokens.get(id);
    if (entry === undefined) return undefined;
    const now = clock();
    if (entry.key.isListed && now < entry.expiresAtMillis) return keys.isFresh(now) ? entry.viewer : undefined;
    cachedTokens.delete(id);
    return undefined;
  }

  async function verifyToken(token: string): Promise<V> {
    const { header, payload } = segmentsOf(token);
    const { algorithm, kid } = readHeader(header, rules);
    if (kid !== undefined && isRefusedKeyId(kid)) throw new InvalidTokenError('the signing key is refused here');
    const now = clock();
    const key = await keys.find(algorithm, kid, now);
    const imported = await key.importFor(algorithm).catch(() => {
      throw new InvalidTokenError('the signing key is not known');
    });
    const claims = await verifyClaims(token, payload, imported, algorithm, rules, now);
    const viewer = options.toViewer(claims);
    const expiresAtMillis = (claims.exp + rules.clockToleranceSeconds) * 1_000;
    const size = ENTRY_BYTES + BYTES_PER_TOKEN_BYTE * token.length;
    cachedTokens.set(idOf(token), { viewer, key, expiresAtMillis }, { size });
    return viewer;
  }

  return {
    async verify(authorizationHeader) {
      const token = readBearerToken(authorizationHeader);
      if (token === undefined) throw new InvalidTokenError();
      if (token.length > maxTokenBytes) throw new InvalidTokenError('the token is too large');
      return findCached(token) ?? verifyToken(token);
    },
    verifyCached(authorizationHeader) {
      const token = readBearerToken(authorizationHeader);
      return token === undefined || token.length > maxTokenBytes ? undefined : findCached(token);
    },
    ready: () => keys.ensureKeys(clock()),
  };
}
