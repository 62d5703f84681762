import { generateKeyPairSync, hash, randomUUID, sign } from 'node:crypto';

/** A client with a key of its own, which makes proofs without the library that checks them (RFC 9449). */
export interface DpopClient {
  /** The thumbprint of its key, for the claim `cnf`. */
  readonly jkt: string;
  /** The headers of a request with a new proof. @param htm its method */
  headers(token: string, htm: string, path: string): Record<string, string>;
}

/** @param publicUrl the URL by which the client reaches the service, without a path */
export function dpopClient(publicUrl: string): DpopClient {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as Record<string, unknown>;
  // RFC 7638: the required members in the order of their names.
  const members = JSON.stringify({ crv: jwk['crv'], kty: jwk['kty'], x: jwk['x'], y: jwk['y'] });
  return {
    jkt: hash('sha256', members, 'base64url'),
    headers(token, htm, path) {
      const ath = hash('sha256', token, 'base64url');
      const claims = { jti: randomUUID(), htm, htu: publicUrl + path, iat: Math.floor(Date.now() / 1_000), ath };
      const input = [{ typ: 'dpop+jwt', alg: 'ES256', jwk }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return { authorization: `DPoP ${token}`, dpop: `${input}.${signature.toString('base64url')}` };
    },
  };
}
