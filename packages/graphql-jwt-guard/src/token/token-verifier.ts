import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { readBearerToken, readCredentials, segmentsOf } from './authorization-header.ts';
import { verifyClaims } from './claims.ts';
import { confirmationOf, type Confirmation } from './confirmation.ts';
import { dpopChecker, type DpopOptions } from './dpop.ts';
import { readHeader } from './header.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { issuerOf, openIssuers, type TrustedIssuer } from './issuer.ts';
import { readJsonSegment } from './json-segment.ts';
import type { KeySource, KeyState } from './key-source.ts';
import { checkPossession, type RequestProof } from './possession.ts';
import type { VerificationKey } from './verification-keys.ts';

/** `V` is the type of the viewer: what the application needs to know of the caller. */
export interface TokenVerifierOptions<V extends object> {
  /** At least one. */
  readonly issuers: readonly TrustedIssuer[];
  /** Accepts tokens that are bound to a DPoP key (RFC 9449). Default: they are refused. */
  readonly dpop?: DpopOptions;
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
   * True for ids of keys that the verifier must refuse although a JWKS holds them. Example: a development key in
   * production.
   */
  readonly isRefusedKeyId?: (kid: string) => boolean;
  /** Makes the viewer from the verified claims, once per cached token. It may throw InvalidTokenError. */
  readonly toViewer: (claims: JWTPayload) => V;
}

/** The keys of one issuer. */
export interface IssuerKeys {
  readonly issuer: string;
  /** The result of the last read of the JWKS. Starts another one in the background if one is due. */
  state(): KeyState;
  /**
   * Resolves when the keys are valid. After a rejection, call it again; it reads the JWKS at most once a second.
   *
   * @throws KeysUnavailableError
   */
  ready(): Promise<void>;
}

/** Gives the viewer of a request. */
export interface TokenVerifier<V extends object> {
  /**
   * Checks the token of an `Authorization` header, and the proof of a token that is bound to a key.
   *
   * @param request default: nothing is proved, so a bound token is refused. `'checked'`: another process has checked the
   *   proof, and you know that this process sent the request.
   * @throws InvalidTokenError if the token or its proof is absent or refused
   * @throws KeysUnavailableError if its issuer has no valid keys: no read of the JWKS succeeded in the last 24 hours
   */
  verify(authorizationHeader: string | undefined, request?: RequestProof | 'checked'): Promise<V>;
  /**
   * Gives the viewer of a cached token without a promise. Undefined: call `verify`. It never gives the viewer of a bound
   * token, because each request needs a proof. Never throws.
   */
  verifyCached(authorizationHeader: string | undefined): V | undefined;
  /** In the order of the options. */
  readonly issuers: readonly IssuerKeys[];
  /**
   * Resolves when the keys of any issuer are valid.
   *
   * @throws KeysUnavailableError
   */
  ready(): Promise<void>;
}

interface CachedToken<V> {
  readonly viewer: V;
  readonly confirmation: Confirmation | undefined;
  readonly key: VerificationKey;
  /** The keys of the issuer. */
  readonly keys: KeySource;
  readonly expiresAtMillis: number;
}

/** Memory of a cached token without its viewer: hash, entry and the lists of lru-cache. */
const ENTRY_BYTES = 600;
/** Memory of a viewer for each byte of its token. */
const BYTES_PER_TOKEN_BYTE = 6;

/**
 * Creates a verifier of access tokens that are signed JWTs, sent as in RFC 6750 or RFC 9449. The verifier caches a verified
 * token, by its SHA-256, until it expires or its key leaves the JWKS.
 *
 * @throws TypeError, RangeError for options that would disable a check
 */
export function createTokenVerifier<V extends object>(options: TokenVerifierOptions<V>): TokenVerifier<V> {
  const { clock = Date.now, isRefusedKeyId = () => false, maxTokenBytes = 10 * 1024 } = options;
  const { cacheMaxTokens = 10_000, cacheMaxBytes = 32 * 1024 * 1024, clockToleranceSeconds = 10 } = options;
  if (!(clockToleranceSeconds >= 0)) throw new RangeError('clockToleranceSeconds must not be negative');
  const issuers = openIssuers(options.issuers, isRefusedKeyId);
  const dpop = options.dpop && dpopChecker(options.dpop, clockToleranceSeconds);
  const cachedTokens = new LRUCache<string, CachedToken<V>>({ max: cacheMaxTokens, maxSize: cacheMaxBytes });

  // The cache holds hashes, so that no usable token stays in memory after its request.
  const idOf = (token: string): string => hash('sha256', token, 'base64');

  function findCached(token: string): CachedToken<V> | undefined {
    const id = idOf(token);
    const entry = cachedTokens.get(id);
    if (entry === undefined) return undefined;
    const now = clock();
    if (entry.key.isListed && now < entry.expiresAtMillis) return entry.keys.isFresh(now) ? entry : undefined;
    cachedTokens.delete(id);
    return undefined;
  }

  async function verifyToken(token: string): Promise<CachedToken<V>> {
    const segments = segmentsOf(token);
    const payload = readJsonSegment(segments.payload);
    const issuer = issuerOf(payload, issuers);
    const { keys } = issuer;
    const { algorithm, kid } = readHeader(segments.header, issuer);
    if (kid !== undefined && isRefusedKeyId(kid)) throw new InvalidTokenError('the signing key is refused here');
    const now = clock();
    const key = await keys.find(algorithm, kid, now);
    const imported = await key.importFor(algorithm).catch(() => {
      throw new InvalidTokenError('the signing key is not known');
    });
    const rules = { ...issuer, clockToleranceSeconds };
    const claims = await verifyClaims(token, payload, imported, algorithm, rules, now);
    const confirmation = confirmationOf(claims['cnf']);
    const viewer = options.toViewer(claims);
    const expiresAtMillis = (claims.exp + clockToleranceSeconds) * 1_000;
    const entry = { viewer, confirmation, key, keys, expiresAtMillis };
    cachedTokens.set(idOf(token), entry, { size: ENTRY_BYTES + BYTES_PER_TOKEN_BYTE * token.length });
    return entry;
  }

  const issuerKeys = [...issuers.values()].map(({ issuer, keys }) => ({
    issuer,
    state: () => keys.state(clock()),
    ready: () => keys.ensureKeys(clock()),
  }));

  return {
    async verify(authorizationHeader, request) {
      const credentials = readCredentials(authorizationHeader);
      const dpopAlgorithms = dpop?.algorithms;
      const isOffered = credentials?.scheme !== 'DPoP' || dpop !== undefined || request === 'checked';
      if (credentials === undefined || !isOffered) throw new InvalidTokenError(undefined, { dpopAlgorithms });
      const { scheme, token } = credentials;
      try {
        if (token.length > maxTokenBytes) throw new InvalidTokenError('the token is too large');
        const { viewer, confirmation } = findCached(token) ?? (await verifyToken(token));
        await checkPossession(credentials, confirmation, request, dpop?.check, clock());
        return viewer;
      } catch (error) {
        throw error instanceof InvalidTokenError ? error.withChallenge({ scheme, dpopAlgorithms }) : error;
      }
    },
    verifyCached(authorizationHeader) {
      const token = readBearerToken(authorizationHeader);
      const entry = token === undefined || token.length > maxTokenBytes ? undefined : findCached(token);
      return entry?.confirmation === undefined ? entry?.viewer : undefined;
    },
    issuers: issuerKeys,
    async ready() {
      await Promise.any(issuerKeys.map((keys) => keys.ready())).catch(({ errors }: AggregateError) => {
        throw errors[0];
      });
    },
  };
}
