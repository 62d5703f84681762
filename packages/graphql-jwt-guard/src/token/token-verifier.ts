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

export interface TokenVerifierOptions<V extends object> {
  readonly jwks: JwksLocation;
  readonly issuer: string;
  readonly audience: string;
  /** Default PS256, RS256, ES256 and EdDSA. HS256, HS384 and HS512 count only when listed here. */
  readonly algorithms?: readonly Algorithm[];
  /**
   * Types (`typ`) that a token may have, whatever their case, with or without `application/`; `absent` for one that says
   * none. Default `at+jwt`, `JWT` and `absent`.
   */
  readonly types?: readonly string[];
  /** The most that `exp - iat` may be. Default 900. */
  readonly maxLifetimeSeconds?: number;
  /** For `exp`, `nbf` and `iat`. Default 10. */
  readonly clockToleranceSeconds?: number;
  /** Longer tokens are refused unread. Default 10,240. */
  readonly maxTokenBytes?: number;
  /** How many verified tokens are remembered. Default 10,000. */
  readonly cacheMaxTokens?: number;
  /** Memory for them, in bytes: their viewers are taken to cost six times what their tokens do. Default 32 MiB. */
  readonly cacheMaxBytes?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
  /** Key ids that never count, even if the JWKS holds them: a development key in production, say. */
  readonly refuseKeyId?: (kid: string) => boolean;
  /** Makes the viewer of the verified claims, once per token. It may throw InvalidTokenError. */
  readonly toViewer: (claims: JWTPayload) => V;
}

export interface TokenVerifier<V extends object> {
  /**
   * The viewer of an `Authorization` header.
   *
   * @throws InvalidTokenError no token, or one that is refused
   * @throws KeysUnavailableError the JWKS could not be read for too long
   */
  verify(authorizationHeader: string | undefined): Promise<V>;
  /** The viewer if this token was verified before and still counts; undefined means: ask `verify`. Never throws. */
  verifyCached(authorizationHeader: string | undefined): V | undefined;
  /**
   * Resolves once keys were read. Ask again after a rejection; it reads at most once a second.
   *
   * @throws KeysUnavailableError
   */
  ready(): Promise<void>;
}

interface Remembered<V> {
  readonly viewer: V;
  readonly key: VerificationKey;
  readonly expiresAtMillis: number;
}

/** What a remembered token costs beside its viewer: hash, entry and the lists of lru-cache. */
const ENTRY_BYTES = 600;
const BYTES_PER_TOKEN_BYTE = 6;

/** An empty issuer or audience would switch its check off; so would an algorithm that we do not know. */
function readOptions<V extends object>(options: TokenVerifierOptions<V>): ClaimRules & HeaderRules {
  const { issuer, audience, algorithms = defaultAlgorithms, types = ['at+jwt', 'JWT', ABSENT] } = options;
  const { maxLifetimeSeconds = 900, clockToleranceSeconds = 10 } = options;
  if (!issuer) throw new TypeError('issuer must not be empty');
  if (!audience) throw new TypeError('audience must not be empty');
  if (algorithms.length === 0 || !algorithms.every(isAlgorithm)) throw new TypeError('algorithms has an unknown name');
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
 * Checks bearer tokens (RFC 6750) that are signed JWTs against a JWKS. A verified token is remembered by its SHA-256
 * until it expires or its key leaves the JWKS.
 */
export function createTokenVerifier<V extends object>(options: TokenVerifierOptions<V>): TokenVerifier<V> {
  const rules = readOptions(options);
  const { clock = Date.now, refuseKeyId = () => false, maxTokenBytes = 10 * 1024 } = options;
  const { cacheMaxTokens = 10_000, cacheMaxBytes = 32 * 1024 * 1024 } = options;
  const keys = new KeySource(jwksReader(options.jwks), new VerificationKeys(refuseKeyId));
  const remembered = new LRUCache<string, Remembered<V>>({ max: cacheMaxTokens, maxSize: cacheMaxBytes });

  // By hash, so that no usable token lies in the memory of the process for longer than its request.
  const idOf = (token: string): string => hash('sha256', token, 'base64');

  function recall(token: string): V | undefined {
    const id = idOf(token);
    const entry = remembered.get(id);
    if (entry === undefined) return undefined;
    const now = clock();
    if (entry.key.isListed && now < entry.expiresAtMillis) return keys.isFresh(now) ? entry.viewer : undefined;
    remembered.delete(id);
    return undefined;
  }

  async function verifyToken(token: string): Promise<V> {
    const { header, payload } = segmentsOf(token);
    const { algorithm, kid } = readHeader(header, rules);
    if (kid !== undefined && refuseKeyId(kid)) throw new InvalidTokenError('the signing key is refused here');
    const now = clock();
    const key = await keys.find(algorithm, kid, now);
    const imported = await key.importFor(algorithm).catch(() => {
      throw new InvalidTokenError('the signing key is not known');
    });
    const claims = await verifyClaims(token, payload, imported, algorithm, rules, now);
    const viewer = options.toViewer(claims);
    const expiresAtMillis = (claims.exp + rules.clockToleranceSeconds) * 1_000;
    const size = ENTRY_BYTES + BYTES_PER_TOKEN_BYTE * token.length;
    remembered.set(idOf(token), { viewer, key, expiresAtMillis }, { size });
    return viewer;
  }

  return {
    async verify(authorizationHeader) {
      const token = readBearerToken(authorizationHeader);
      if (token === undefined) throw new InvalidTokenError();
      if (token.length > maxTokenBytes) throw new InvalidTokenError('the token is too large');
      return recall(token) ?? verifyToken(token);
    },
    verifyCached(authorizationHeader) {
      const token = readBearerToken(authorizationHeader);
      return token === undefined || token.length > maxTokenBytes ? undefined : recall(token);
    },
    ready: () => keys.settle(clock()),
  };
}
