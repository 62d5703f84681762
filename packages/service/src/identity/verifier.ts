import { fileURLToPath } from 'node:url';
import {
  createTokenVerifier,
  InvalidTokenError,
  type KeyState,
  type ProofMemory,
  type TokenVerifier,
} from 'graphql-jwt-guard/token';
import type { CommonConfig } from '../config/environment.ts';
import { type IssuerConfig, PRINCIPAL } from '../config/issuer-settings.ts';
import { DEVELOPMENT_KEY_PREFIX } from '../development/development-keys.ts';
import type { Logger } from '../logging/logger.ts';
import type { SourceState } from '../resilience/breaker.ts';
import { identityReader } from './claims.ts';
import { CLOCK_TOLERANCE_SECONDS, PROOF_MAX_AGE_SECONDS } from './token-times.ts';
import type { Identity } from './viewer.ts';

/** The token check of a process. */
export interface IdentityVerifier extends TokenVerifier<Identity> {
  /** By the name of each issuer: `ok`; `degradada` while only older keys are valid; `fora` while none are. */
  keyStates(): Record<string, SourceState>;
}

const sourceStates: Readonly<Record<KeyState, SourceState>> = { current: 'ok', stale: 'degradada', missing: 'fora' };

/**
 * Makes the token check of a process. In production it refuses keys made on a developer's machine.
 *
 * @param proofs remembers DPoP proofs; default: in the memory of this process
 */
export function createIdentityVerifier(
  { jwt, isDevelopment }: Pick<CommonConfig, 'jwt' | 'isDevelopment'>,
  proofs?: ProofMemory,
): IdentityVerifier {
  const readers = new Map(jwt.issuers.map((config) => [config.issuer, readerOf(config, jwt.issuers)]));
  const verifier = createTokenVerifier({
    issuers: jwt.issuers.map(({ jwksUrl, ...issuer }) => ({
      ...issuer,
      jwks: jwksUrl.protocol === 'file:' ? { file: fileURLToPath(jwksUrl) } : { url: jwksUrl },
    })),
    clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS,
    ...(jwt.dpopUrls.length > 0 && { dpop: { maxAgeSeconds: PROOF_MAX_AGE_SECONDS, ...(proofs && { proofs }) } }),
    isRefusedKeyId: (keyId) => !isDevelopment && keyId.startsWith(DEVELOPMENT_KEY_PREFIX),
    toViewer(claims) {
      const read = readers.get(claims.iss ?? '');
      if (!read) throw new InvalidTokenError('the issuer is not accepted');
      return read(claims);
    },
  });
  return {
    ...verifier,
    keyStates: () =>
      Object.fromEntries(jwt.issuers.map(({ name }, index) => [name, sourceStates[verifier.issuers[index]!.state()]])),
  };
}

/**
 * A client id is unique at its issuer only. So the id of a further issuer's client begins with the issuer's name: audit,
 * limits and COURT_ORDER_CLIENTS never take it for a client of another issuer. A client of the principal issuer with such
 * an id is refused.
 */
function readerOf({ name, claims }: IssuerConfig, issuers: readonly IssuerConfig[]): ReturnType<typeof identityReader> {
  const read = identityReader(claims);
  if (name !== PRINCIPAL) {
    return (verified) => {
      const identity = read(verified);
      return { ...identity, clientId: `${name}/${identity.clientId}` };
    };
  }
  const prefixes = issuers.filter((issuer) => issuer.name !== PRINCIPAL).map((issuer) => `${issuer.name}/`);
  return (verified) => {
    const identity = read(verified);
    if (prefixes.some((prefix) => identity.clientId.startsWith(prefix)))
      throw new InvalidTokenError('the client has an id of another issuer');
    return identity;
  };
}

/**
 * Warns at the start when the keys of an issuer cannot be read. Until then its tokens are refused. The process is not
 * ready while that is so of all issuers.
 */
export async function warnOfMissingKeys(
  { jwt }: Pick<CommonConfig, 'jwt'>,
  verifier: Pick<TokenVerifier<Identity>, 'issuers'>,
  logger: Logger,
): Promise<void> {
  const warn = (emissor: string | undefined) => (err: unknown) =>
    logger.warn({ err, emissorDeTokens: emissor }, 'the keys of an issuer of tokens cannot be read yet');
  await Promise.all(verifier.issuers.map((keys, index) => keys.ready().catch(warn(jwt.issuers[index]?.name))));
}
