import { InvalidTokenError } from './invalid-token-error.ts';

export type Scheme = 'Bearer' | 'DPoP';

/** The credentials of a header `Authorization`. */
export interface Credentials {
  readonly scheme: Scheme;
  readonly token: string;
}

const BEARER = 'bearer ';
const DPOP = 'dpop ';

/**
 * A canonical base64url segment has no padding, no other characters, and zeros in the unused trailing bits. Decoders
 * ignore these bits (jose's too). Without this check, one signed token would have many spellings.
 */
const CANONICAL_SEGMENT = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

const afterScheme = (header: string, scheme: string): string | undefined =>
  header.slice(0, scheme.length).toLowerCase() === scheme ? header.slice(scheme.length).replace(/^ +/, '') : undefined;

/** @returns the token of an `Authorization` header; undefined without a header, or with a scheme other than Bearer */
export const readBearerToken = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : afterScheme(header, BEARER);

/** @returns undefined without a header, or with another scheme than Bearer and DPoP (RFC 9449 section 7.1) */
export function readCredentials(header: string | undefined): Credentials | undefined {
  const bearer = readBearerToken(header);
  if (bearer !== undefined) return { scheme: 'Bearer', token: bearer };
  const bound = header === undefined ? undefined : afterScheme(header, DPOP);
  return bound === undefined ? undefined : { scheme: 'DPoP', token: bound };
}

/** @throws InvalidTokenError unless the token is three canonical, non-empty base64url segments */
export function segmentsOf(token: string): { readonly header: string; readonly payload: string } {
  const [header = '', payload = '', signature = '', ...furtherParts] = token.split('.', 4);
  const isCanonical = [header, payload, signature].every((part) => part !== '' && CANONICAL_SEGMENT.test(part));
  if (!isCanonical || furtherParts.length > 0) throw new InvalidTokenError('this is not a signed JWT');
  return { header, payload };
}
