/** A UUID of version 8 (RFC 9562) with 122 bits of a digest. @param digits the digest, at least 32 hex digits */
export const recordIdOf = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
