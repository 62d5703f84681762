import { InvalidTokenError } from './invalid-token-error.ts';

const SCHEME = 'bearer ';

/**
 * A canonical base64url segment has no padding, no other characters, and zeros in the unused trailing bits. Decoders
 * ignore these bits (jose's too). Without this check, one signed token would have many spellings.
 */
const CANONICAL_SEGMENT = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** @returns the token of an `Authorization` header; undefined without a header, or with a scheme other than Bearer */
export function readBearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined;
  return header.slice(SCHEME.length).replace(/^ +/, '');
}

/** @throws InvalidTokenError unless the token is three canonical, non-empty base64url segments */
export function segmentsOf(token: string): { readonly header: string; readonly payload: string } {
  const [header = '', payload = '', signature = '', ...furtherParts] = token.split('.', 4);
  const isCanonical = [header, payload, signature].every((part) => part !== '' && CANONICAL_SEGMENT.test(part));
  if (!isCanonical || furtherParts.length > 0) throw new InvalidTokenError('this is not a signed JWT');
  return { header, payload };
}
