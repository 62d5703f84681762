import { importJWK, type CryptoKey, type JWK } from 'jose';
import { keyFits, type Algorithm } from './algorithms.ts';

/** One key of the JWKS. It stays the same object for as long as the JWKS holds it unchanged. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly jwk: JWK;
  /** False once the JWKS no longer holds the key: whatever it verified is no longer believed. */
  isListed: boolean;
  importFor(algorithm: Algorithm): Promise<CryptoKey | Uint8Array>;
}

function verificationKey(jwk: JWK): VerificationKey {
  const imported = new Map<Algorithm, Promise<CryptoKey | Uint8Array>>();
  return {
    kid: jwk.kid,
    jwk,
    isListed: true,
    importFor(algorithm) {
      const known = imported.get(algorithm);
      if (known !== undefined) return known;
      const importing = importJWK(jwk, algorithm);
      imported.set(algorithm, importing);
      return importing;
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

/** The keys of the last JWKS read, by their whole content. */
export class VerificationKeys {
  #byFingerprint: ReadonlyMap<string, VerificationKey> = new Map();
  readonly #isRefused: (kid: string) => boolean;

  constructor(isRefused: (kid: string) => boolean) {
    this.#isRefused = isRefused;
  }

  /**
   * Takes a new JWKS (RFC 7517 section 5: members that are not understood are ignored). A set without keys is taken at
   * its word: its owner has withdrawn them all.
   *
   * @throws TypeError when it is not a JWKS; the keys stay as they were
   */
  replace(jwks: unknown): void {
    const members = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
    if (!Array.isArray(members)) throw new TypeError('not a JWKS: no list of keys');

    const next = new Map<string, VerificationKey>();
    for (const jwk of members.filter(isJwk)) {
      if (jwk.kid !== undefined && this.#isRefused(jwk.kid)) continue;
      const fingerprint = fingerprintOf(jwk);
      next.set(fingerprint, this.#byFingerprint.get(fingerprint) ?? verificationKey(jwk));
    }
    for (const [fingerprint, key] of this.#byFingerprint) key.isListed = next.has(fingerprint);
    this.#byFingerprint = next;
  }

  /**
   * The keys that may have signed a token: those of its `kid`, else those without any. A token without a `kid` may be
   * of every key. The caller accepts one candidate only, so that a token never chooses among keys.
   */
  candidates(algorithm: Algorithm, kid: string | undefined): VerificationKey[] {
    const fitting = [...this.#byFingerprint.values()].filter((key) => keyFits(key.jwk, algorithm));
    if (kid === undefined) return fitting;
    const named = fitting.filter((key) => key.kid === kid);
    return named.length > 0 ? named : fitting.filter((key) => key.kid === undefined);
  }
}
