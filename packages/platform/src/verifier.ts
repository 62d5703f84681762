import { fileURLToPath } from 'node:url';
import { createTokenVerifier, type TokenVerifier } from 'graphql-jwt-guard';
import type { CommonConfig } from './config/environment.ts';
import { DEVELOPMENT_KEY_PREFIX } from './development/development-keys.ts';
import { type Identity, identityFromClaims } from './viewer.ts';

/** The token check of every process. In production, keys made on a developer's machine are refused. */
export function createIdentityVerifier({ jwt, development }: CommonConfig): TokenVerifier<Identity> {
  const { jwksUrl } = jwt;
  return createTokenVerifier({
    jwks: jwksUrl.protocol === 'file:' ? { file: fileURLToPath(jwksUrl) } : { url: jwksUrl },
    issuer: jwt.issuer,
    audience: jwt.audience,
    maxLifetimeSeconds: jwt.maxLifetimeSeconds,
    refuseKeyId: (keyId) => !development && keyId.startsWith(DEVELOPMENT_KEY_PREFIX),
    toViewer: identityFromClaims,
  });
}
