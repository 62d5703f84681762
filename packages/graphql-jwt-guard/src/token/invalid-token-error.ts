const NO_TOKEN = 'no bearer token';

/** The characters of an `error_description` (RFC 6750 section 3): printable ASCII but quotation mark and backslash. */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

/** RFC 6750 section 3.1: a request without any authentication gets no error code. */
function challengeOf(reason: string): string {
  if (reason === NO_TOKEN) return 'Bearer';
  const description = DESCRIPTION.test(reason) ? `, error_description="${reason}"` : '';
  return `Bearer error="invalid_token"${description}`;
}

/**
 * A token that is absent or refused: HTTP 401. It holds neither the token nor any value of a claim, and it has no
 * `cause` on purpose: the errors of jose carry the whole payload.
 */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
  /** Safe for a log. */
  readonly reason: string;
  /** The value of the response's `WWW-Authenticate` header. */
  readonly wwwAuthenticate: string;

  /** @param reason logged and sent to the caller: it may name a claim, and must not hold a claim's value */
  constructor(reason: string = NO_TOKEN) {
    super(reason);
    this.reason = reason;
    this.wwwAuthenticate = challengeOf(reason);
  }
}

/** No key set could be read for longer than it may be trusted: the service's fault (HTTP 503), not the caller's. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';

  constructor(cause: unknown) {
    super('the key set (JWKS) could not be read', { cause });
  }
}
