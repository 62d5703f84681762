import { InvalidTokenError } from './invalid-token-error.ts';

const SCHEME = 'bearer ';

/**
 * A base64url segment in its one canonical form: no padding, no other characters, and unused trailing bits zero.
 * Decoders, jose's among them, ignore those bits, so that the last character could be changed freely: one signed token
 * would have many spellings.
 */
const CANONICAL_SEGMENT = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** The token of an `Authorization` header, unread; undefined when there is no header or its scheme is not Bearer. */
export function readBearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined;
  return header.slice(SCHEME.length).replace(/^ +/, '');
}

/** @throws InvalidTokenError unless the token is three canonical, non-empty base64url segments */
export function segmentsOf(token: string): { readonly header: string; readonly payload: string } {
  const [header = '', payload = '', signature = '', ...more] = token.split('.', 4);
  const isCanonical = [header, payload, signature].every((part) => part !== '' && CANONICAL_SEGMENT.test(part));
  if (!isCanonical || more.length > 0) throw new InvalidTokenError('this is not a signed JWT');
  return { header, payload };
}
