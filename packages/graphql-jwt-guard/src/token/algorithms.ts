import type { JWK } from 'jose';
import { isRocaModulus } from './roca.ts';

interface KeyKind {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct';
  readonly crv?: string;
  /** HMAC: as long as the hash (RFC 7518 section 3.2). RSA has 2,048 at least (section 3.3). */
  readonly minBits?: number;
}

/** The signature algorithms that may be listed, and the kind of key that each one takes. */
const keyKinds = {
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  HS256: { kty: 'oct', minBits: 256 },
  HS384: { kty: 'oct', minBits: 384 },
  HS512: { kty: 'oct', minBits: 512 },
} as const satisfies Record<string, KeyKind>;

export type Algorithm = keyof typeof keyKinds;

/** HMAC is not among them: with it, whoever can check a token can also make one. */
export const defaultAlgorithms: readonly Algorithm[] = ['PS256', 'RS256', 'ES256', 'EdDSA'];

export const isAlgorithm = (name: string): name is Algorithm => Object.hasOwn(keyKinds, name);

const numberOf = (base64url: unknown): bigint =>
  typeof base64url === 'string' ? BigInt(`0x0${Buffer.from(base64url, 'base64url').toString('hex')}`) : 0n;

const bytesOf = (base64url: unknown): number =>
  typeof base64url === 'string' ? Buffer.from(base64url, 'base64url').length : 0;

/** A larger one costs more CPU to check than a token is worth. */
const RSA_MAX_BITS = 8_192;

/**
 * Bits of the modulus without leading zeros, which would make a short one look long. 0 for an exponent with which a
 * signature is no secret (1, even ones), a modulus that anybody can divide, and one made by the chips of CVE-2017-15361.
 */
function measure({ n, e }: JWK): number {
  const [modulus, exponent] = [numberOf(n), numberOf(e)];
  const bits = modulus.toString(2).length;
  if (exponent < 3n || exponent % 2n === 0n || modulus % 2n === 0n || bits > RSA_MAX_BITS) return 0;
  return isRocaModulus(modulus) ? 0 : bits;
}

const measured = new WeakMap<JWK, number>();

/** Once for each key: every token that is not remembered asks. */
function strengthOf(jwk: JWK): number {
  const known = measured.get(jwk) ?? measure(jwk);
  measured.set(jwk, known);
  return known;
}

/**
 * Whether this key of a JWKS may check signatures of this algorithm. The key's own kind decides, never the token: an RSA
 * public key can so not be taken for an HMAC secret.
 */
export function keyFits(jwk: JWK, algorithm: Algorithm): boolean {
  const kind: KeyKind = keyKinds[algorithm];
  if (jwk.kty !== kind.kty || (kind.crv !== undefined && jwk.crv !== kind.crv)) return false;
  // A published private key is a leaked one.
  if (kind.kty !== 'oct' && jwk.d !== undefined) return false;
  if (kind.kty === 'RSA' && strengthOf(jwk) < 2_048) return false;
  if (kind.minBits !== undefined && bytesOf(jwk.k) * 8 < kind.minBits) return false;
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return false;
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  return jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'));
}
