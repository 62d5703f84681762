import { InvalidTokenError } from './invalid-token-error.ts';

/** The keys that the sender of a token must hold (RFC 7800). At least one of the two is there. */
export interface Confirmation {
  /** The thumbprint of the DPoP key (RFC 9449 section 6.1). */
  readonly jkt: string | undefined;
  /** The thumbprint of the client certificate (RFC 8705 section 3.1). */
  readonly certificate: string | undefined;
}

/** A SHA-256 in base64url. */
const THUMBPRINT = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

const isThumbprint = (value: unknown): value is string => typeof value === 'string' && THUMBPRINT.test(value);

const refused = (): InvalidTokenError => new InvalidTokenError('the claim cnf has a key that cannot be checked');

/**
 * Reads the claim `cnf`.
 *
 * @returns undefined for a token that is bound to no key
 * @throws InvalidTokenError for a member that this package cannot check
 */
export function confirmationOf(cnf: unknown): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) throw refused();
  const { jkt, 'x5t#S256': certificate, ...others } = cnf as Record<string, unknown>;
  if (Object.keys(others).length > 0 || Object.keys(cnf).length === 0) throw refused();
  if (Object.hasOwn(cnf, 'jkt') && !isThumbprint(jkt)) throw refused();
  if (Object.hasOwn(cnf, 'x5t#S256') && !isThumbprint(certificate)) throw refused();
  return { jkt: jkt as string | undefined, certificate: certificate as string | undefined };
}
