import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** The time of the tests, in seconds since 1970. */
export const NOW = 1_795_000_000;
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'https://api.example';

export const goodClaims = { iss: ISSUER, aud: AUDIENCE, sub: 'ana', iat: NOW, exp: NOW + 300 };

/** A key pair that signs tokens. */
export interface Signer {
  /** The public key, for a JWKS. */
  readonly jwk: JWK;
  readonly privateJwk: JWK;
  /** Signs `goodClaims` with these changes. Undefined removes a claim. */
  sign(claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
}

export function signerOf(alg: string, key: CryptoKey | Uint8Array, jwk: JWK, privateJwk: JWK): Signer {
  return {
    jwk,
    privateJwk,
    sign: (claims = {}, header = {}) =>
      new SignJWT({ ...goodClaims, ...claims })
        .setProtectedHeader({ alg, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }), ...header })
        .sign(key),
  };
}

export async function newSigner(kid: string | undefined, alg = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return signerOf(alg, privateKey, { ...(await exportJWK(publicKey)), ...named }, await exportJWK(privateKey));
}

export const bearer = (token: string): string => `Bearer ${token}`;
