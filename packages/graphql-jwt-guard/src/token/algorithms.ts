import type { JWK } from 'jose';
import { isRocaModulus } from './roca.ts';

/** The keys that an algorithm accepts. */
interface KeyKind {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct';
  readonly crv?: string;
  /** For HMAC: the length of the hash (RFC 7518 section 3.2). For RSA the minimum is always 2,048 (section 3.3). */
  readonly minBits?: number;
}

/** The supported algorithms. */
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

/** Without HMAC: with HMAC, everyone who can check a token can also make one. */
export const defaultAlgorithms: readonly Algorithm[] = ['PS256', 'RS256', 'ES256', 'EdDSA'];

export const isAlgorithm = (name: string): name is Algorithm => Object.hasOwn(keyKinds, name);

const numberOf = (base64url: unknown): bigint =>
  typeof base64url === 'string' ? BigInt(`0x0${Buffer.from(base64url, 'base64url').toString('hex')}`) : 0n;

const byteLengthOf = (base64url: unknown): number =>
  typeof base64url === 'string' ? Buffer.from(base64url, 'base64url').length : 0;

/** A larger key makes the check of a signature too expensive. */
const RSA_MAX_BITS = 8_192;

/**
 * Bits of the modulus. Leading zeros do not count: they would make a short modulus look long. The result is 0 for an
 * unsafe key: an exponent of 1 or an even one, an even modulus, a modulus over 8,192 bits, and a modulus with the
 * weakness CVE-2017-15361.
 */
function measureStrength({ n, e }: JWK): number {
  const [modulus, exponent] = [numberOf(n), numberOf(e)];
  const bits = modulus.toString(2).length;
  if (exponent < 3n || exponent % 2n === 0n || modulus % 2n === 0n || bits > RSA_MAX_BITS) return 0;
  return isRocaModulus(modulus) ? 0 : bits;
}

const strengthByKey = new WeakMap<JWK, number>();

/** Measures each key once, because the verifier needs the strength for each new token. */
function strengthOf(jwk: JWK): number {
  const strength = strengthByKey.get(jwk) ?? measureStrength(jwk);
  strengthByKey.set(jwk, strength);
  return strength;
}

/**
 * Whether a key of a JWKS may check signatures of an algorithm. The kind of the key decides, not the token. So a token
 * cannot make the verifier use a public RSA key as an HMAC secret.
 */
export function keyFits(jwk: JWK, algorithm: Algorithm): boolean {
  const kind: KeyKind = keyKinds[algorithm];
  if (jwk.kty !== kind.kty || (kind.crv !== undefined && jwk.crv !== kind.crv)) return false;
  // Everyone knows a published private key.
  if (kind.kty !== 'oct' && jwk.d !== undefined) return false;
  if (kind.kty === 'RSA' && strengthOf(jwk) < 2_048) return false;
  if (kind.minBits !== undefined && byteLengthOf(jwk.k) * 8 < kind.minBits) return false;
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return false;
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  return jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'));
}
