import { hash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { NOW } from './signer.ts';

/** A client with a DPoP key. */
export interface DpopClient {
  readonly jwk: JWK;
  readonly jkt: string;
  /** Signs a proof for `GET https://api.example/graphql` and a token, with these changes. Undefined removes a member. */
  prove(token: string, claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
}

let proofs = 0;

export async function newDpopClient(alg = 'ES256'): Promise<DpopClient> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    jwk,
    jkt: await calculateJwkThumbprint(jwk),
    prove: (token, claims = {}, header = {}) =>
      new SignJWT({
        jti: `proof-${proofs++}`,
        htm: 'GET',
        htu: 'https://api.example/graphql',
        iat: NOW,
        ath: hash('sha256', token, 'base64url'),
        ...claims,
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk, ...header })
        .sign(privateKey),
  };
}
