import type { JWK } from 'jose';

interface KeyKind {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct';
  readonly crv?: string;
  /** RSA: the modulus (RFC 7518 section 3.3). HMAC: as long as the hash (section 3.2). */
  readonly minBits?: number;
}

/** The signature algorithms that may be listed, and the kind of key that each one takes. */
const keyKinds = {
  PS256: { kty: 'RSA', minBits: 2048 },
  PS384: { kty: 'RSA', minBits: 2048 },
  PS512: { kty: 'RSA', minBits: 2048 },
  RS256: { kty: 'RSA', minBits: 2048 },
  RS384: { kty: 'RSA', minBits: 2048 },
  RS512: { kty: 'RSA', minBits: 2048 },
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

const bitsOf = (base64url: unknown): number =>
  typeof base64url === 'string' ? Buffer.from(base64url, 'base64url').length * 8 : 0;

/**
 * Whether this key of a JWKS may check signatures of this algorithm. The key's own kind decides, never the token: an RSA
 * public key can so not be taken for an HMAC secret.
 */
export function keyFits(jwk: JWK, algorithm: Algorithm): boolean {
  const kind: KeyKind = keyKinds[algorithm];
  if (jwk.kty !== kind.kty || (kind.crv !== undefined && jwk.crv !== kind.crv)) return false;
  // A published private key is a leaked one.
  if (kind.kty !== 'oct' && jwk.d !== undefined) return false;
  if (kind.minBits !== undefined && bitsOf(kind.kty === 'oct' ? jwk.k : jwk.n) < kind.minBits) return false;
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return false;
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  return jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'));
}
