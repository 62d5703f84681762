import { fileURLToPath } from 'node:url';
import { createTokenVerifier, type TokenVerifier } from 'graphql-jwt-guard';
import type { CommonConfig } from '../config/environment.ts';
import { DEVELOPMENT_KEY_PREFIX } from '../development/development-keys.ts';
import type { Logger } from '../logging/logger.ts';
import { identityReader } from './claims.ts';
import type { Identity } from './viewer.ts';

/** Makes the token check of a process. In production it refuses keys made on a developer's machine. */
export function createIdentityVerifier({
  jwt,
  isDevelopment,
}: Pick<CommonConfig, 'jwt' | 'isDevelopment'>): TokenVerifier<Identity> {
  const { jwksUrl } = jwt;
  return createTokenVerifier({
    jwks: jwksUrl.protocol === 'file:' ? { file: fileURLToPath(jwksUrl) } : { url: jwksUrl },
    issuer: jwt.issuer,
    audience: jwt.audience,
    maxLifetimeSeconds: jwt.maxLifetimeSeconds,
    isRefusedKeyId: (keyId) => !isDevelopment && keyId.startsWith(DEVELOPMENT_KEY_PREFIX),
    types: jwt.types,
    toViewer: identityReader(jwt.claims),
  });
}

/** Warns at the start when the keys cannot be read. Until then every request is refused and the process is not ready. */
export async function warnOfMissingKeys(
  verifier: Pick<TokenVerifier<Identity>, 'ready'>,
  logger: Logger,
): Promise<void> {
  await verifier.ready().catch((err: unknown) => logger.warn({ err }, 'the keys of JWT_JWKS_URL cannot be read yet'));
}
