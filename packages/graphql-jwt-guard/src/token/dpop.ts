import { hash } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, type CryptoKey, importJWK, type JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { isAlgorithm, keyFits, type Algorithm } from './algorithms.ts';
import { segmentsOf } from './authorization-header.ts';
import { refusedExtension } from './header.ts';
import { InvalidTokenError } from './invalid-token-error.ts';
import { isNumericDate, readJsonSegment } from './json-segment.ts';
import { memoryProofs, type ProofMemory } from './proof-memory.ts';

export interface DpopOptions {
  /** Default: PS256, ES256 and EdDSA. HMAC never works. */
  readonly algorithms?: readonly Algorithm[];
  /** The most seconds from a proof's `iat` to its use. Default: 60. */
  readonly maxAgeSeconds?: number;
  /** Default: the last 100,000 proofs, in the memory of this process. */
  readonly proofs?: ProofMemory;
}

/** The parts of a request that a DPoP proof is about. */
export interface DpopRequest {
  /** The value of the header `DPoP`. */
  readonly proof: string | undefined;
  readonly method: string;
  /** The URLs by which a client may have sent the request. Query and fragment do not count. */
  readonly urls: readonly string[];
}

/** Checks a proof of the key with this thumbprint, for this token. Rejects with InvalidTokenError. */
export type DpopCheck = (request: DpopRequest, token: string, jkt: string, now: number) => Promise<void>;

const MAX_BYTES = 8_192;
const JTI_MAX = 255;
/** A longer exponent makes the check of a signature too expensive. */
const RSA_EXPONENT_MAX_BYTES = 8;

/** URLs are equal after the normalization of RFC 3986 that the parser does (RFC 9449 section 4.3). */
function withoutQuery(text: unknown): string | undefined {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  return url === null ? undefined : url.origin + url.pathname;
}

/** Only the members that make the key: the others are the caller's words about it. */
const publicKeyOf = ({ kty, crv, x, y, n, e }: JWK): JWK =>
  kty === 'RSA'
    ? { kty, n: n!, e: e! }
    : kty === 'EC'
      ? { kty, crv: crv!, x: x!, y: y! }
      : { kty: kty!, crv: crv!, x: x! };

const isShort = (exponent: unknown): boolean =>
  exponent === undefined ||
  (typeof exponent === 'string' && Buffer.from(exponent, 'base64url').length <= RSA_EXPONENT_MAX_BYTES);

/** The key in the header of proofs. */
interface ProofKey {
  readonly algorithm: Algorithm;
  readonly key: CryptoKey | Uint8Array;
  readonly jkt: string;
}

const unusableKey = (): InvalidTokenError => new InvalidTokenError('the key of the DPoP proof is not accepted');

async function readProofKey(segment: string, algorithms: ReadonlySet<string>): Promise<ProofKey> {
  const header = readJsonSegment(segment);
  const { typ, alg, jwk } = header;
  if (typ !== 'dpop+jwt' || refusedExtension(header) !== undefined)
    throw new InvalidTokenError('this is not a DPoP proof');
  if (typeof alg !== 'string' || !algorithms.has(alg) || !isAlgorithm(alg))
    throw new InvalidTokenError('the algorithm of the DPoP proof is not accepted');
  if (typeof jwk !== 'object' || jwk === null || !keyFits(jwk, alg) || !isShort((jwk as JWK).e)) throw unusableKey();
  const publicKey = publicKeyOf(jwk);
  try {
    return { algorithm: alg, key: await importJWK(publicKey, alg), jkt: await calculateJwkThumbprint(publicKey) };
  } catch {
    throw unusableKey();
  }
}

/** Clients send the same header with each proof. Only keys that a token is bound to are kept. */
const KEPT_KEYS = 1_000;

/** @throws TypeError, RangeError for options that would disable a check */
export function dpopChecker(
  options: DpopOptions,
  clockToleranceSeconds: number,
): { readonly algorithms: readonly Algorithm[]; readonly check: DpopCheck } {
  const { algorithms = ['PS256', 'ES256', 'EdDSA'], maxAgeSeconds = 60 } = options;
  if (algorithms.length === 0 || !algorithms.every((name) => isAlgorithm(name) && !name.startsWith('HS')))
    throw new TypeError('the algorithms of DPoP must not be empty, and need a public key');
  if (!(maxAgeSeconds > 0)) throw new RangeError('maxAgeSeconds must be positive');
  const acceptedAlgorithms: ReadonlySet<string> = new Set(algorithms);
  const [maxAge, tolerance] = [maxAgeSeconds * 1_000, clockToleranceSeconds * 1_000];
  const { proofs = memoryProofs(maxAge, tolerance) } = options;
  const keptKeys = new LRUCache<string, ProofKey>({ max: KEPT_KEYS });

  async function checkProof({ proof: text, method, urls }: DpopRequest, token: string, jkt: string, now: number) {
    if (text === undefined) throw new InvalidTokenError('the DPoP proof is missing');
    if (text.length > MAX_BYTES) throw new InvalidTokenError('the DPoP proof is too large');
    const { header, payload } = segmentsOf(text);
    const proofKey = keptKeys.get(header) ?? (await readProofKey(header, acceptedAlgorithms));
    if (proofKey.jkt !== jkt)
      throw new InvalidTokenError('the token is bound to another DPoP key', { error: 'invalid_token' });
    keptKeys.set(header, proofKey);
    await compactVerify(text, proofKey.key, { algorithms: [proofKey.algorithm] }).catch(() => {
      throw new InvalidTokenError('the signature of the DPoP proof does not verify');
    });
    const { htm, htu, iat, jti, ath } = readJsonSegment(payload);
    if (typeof jti !== 'string' || jti === '' || jti.length > JTI_MAX)
      throw new InvalidTokenError('the DPoP proof has no valid jti');
    if (htm !== method) throw new InvalidTokenError('the DPoP proof is for another method');
    const target = withoutQuery(htu);
    if (target === undefined || !urls.some((url) => withoutQuery(url) === target))
      throw new InvalidTokenError('the DPoP proof is for another URL');
    if (ath !== hash('sha256', token, 'base64url')) throw new InvalidTokenError('the DPoP proof is for another token');
    const age = isNumericDate(iat) ? now - iat * 1_000 : Number.NaN;
    if (!(age <= maxAge && age >= -tolerance)) throw new InvalidTokenError('the DPoP proof is not of this time');
    const id = hash('sha256', `${jkt}.${jti}`, 'base64url');
    if (!(await proofs.isFirstUse(id, now - age, now))) throw new InvalidTokenError('the DPoP proof was used before');
  }

  return {
    algorithms,
    async check(...request) {
      await checkProof(...request).catch((error: unknown) => {
        throw error instanceof InvalidTokenError ? error.withChallenge({ error: 'invalid_dpop_proof' }) : error;
      });
    },
  };
}
