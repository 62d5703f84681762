import { importJWK, type CryptoKey, type JWK } from 'jose';
import { keyFits, type Algorithm } from './algorithms.ts';

/** A key of the JWKS. It stays the same object while the JWKS holds it unchanged. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly jwk: JWK;
  /** False after the key left the JWKS. Tokens that it verified are then no longer valid. */
  isListed: boolean;
  importFor(algorithm: Algorithm): Promise<CryptoKey | Uint8Array>;
}

function createVerificationKey(jwk: JWK): VerificationKey {
  const importedKeys = new Map<Algorithm, Promise<CryptoKey | Uint8Array>>();
  return {
    kid: jwk.kid,
    jwk,
    isListed: true,
    importFor(algorithm) {
      const key = importedKeys.get(algorithm) ?? importJWK(jwk, algorithm);
      importedKeys.set(algorithm, key);
      return key;
    },
  };
}

const isJwk = (value: unknown): value is JWK =>
  typeof value === 'object' &&
  value !== null &&
  'kty' in value &&
  typeof value.kty === 'string' &&
  (!('kid' in value) || typeof value.kid === 'string');

const fingerprintOf = (jwk: JWK): string => JSON.stringify(Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The keys of the last successful read of the JWKS. */
export class VerificationKeys {
  /** A key whose content changes gets another fingerprint, even if its `kid` stays. */
  #byFingerprint: ReadonlyMap<string, VerificationKey> = new Map();
  readonly #isRefusedKeyId: (kid: string) => boolean;

  constructor(isRefusedKeyId: (kid: string) => boolean) {
    this.#isRefusedKeyId = isRefusedKeyId;
  }

  /**
   * Replaces the keys by those of a JWKS. It ignores unknown members (RFC 7517 section 5). An empty set withdraws all
   * keys.
   *
   * @throws TypeError if the value is not a JWKS; the keys stay then
   */
  replace(jwks: unknown): void {
    const members = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
    if (!Array.isArray(members)) throw new TypeError('this is not a JWKS: it has no list of keys');

    const nextByFingerprint = new Map<string, VerificationKey>();
    for (const jwk of members.filter(isJwk)) {
      if (jwk.kid !== undefined && this.#isRefusedKeyId(jwk.kid)) continue;
      const fingerprint = fingerprintOf(jwk);
      nextByFingerprint.set(fingerprint, this.#byFingerprint.get(fingerprint) ?? createVerificationKey(jwk));
    }
    for (const [fingerprint, key] of this.#byFingerprint) key.isListed = nextByFingerprint.has(fingerprint);
    this.#byFingerprint = nextByFingerprint;
  }

  /**
   * Gives the keys that may have signed a token: keys with its `kid`, else keys without a `kid`. All keys of the
   * algorithm may have signed a token without a `kid`. The caller must accept a single candidate only: a token must not
   * choose its key.
   */
  candidates(algorithm: Algorithm, kid: string | undefined): VerificationKey[] {
    const fitting = [...this.#byFingerprint.values()].filter((key) => keyFits(key.jwk, algorithm));
    if (kid === undefined) return fitting;
    const named = fitting.filter((key) => key.kid === kid);
    return named.length > 0 ? named : fitting.filter((key) => key.kid === undefined);
  }
}
