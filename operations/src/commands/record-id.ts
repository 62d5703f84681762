/**
 * A UUID of version 8 (RFC 9562) that begins with the time of another, and goes on with 72 bits of a digest. The audit finds a record
 * soonest when its id begins with its time.
 *
 * @param ofTime a UUID of version 7, made when what the record is about began
 * @param digits the digest, at least 32 hex digits
 */
export const recordIdOf = (ofTime: string, digits: string): string =>
  `${ofTime.slice(0, 13)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
