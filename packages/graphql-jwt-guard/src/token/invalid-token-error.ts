const NO_TOKEN = 'no bearer token';

/**
 * The characters of an `error_description` (RFC 6750 section 3): printable ASCII except quotation mark and backslash.
 */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

/** RFC 6750 section 3.1: a request without any authentication gets no error code. */
function challengeOf(reason: string): string {
  if (reason === NO_TOKEN) return 'Bearer';
  const description = DESCRIPTION.test(reason) ? `, error_description="${reason}"` : '';
  return `Bearer error="invalid_token"${description}`;
}

/**
 * The token is absent or refused: HTTP 401. The error holds neither the token nor a claim's value. It has no `cause`,
 * because the errors of jose hold the whole payload.
 */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
  /** Safe for a log. It is also the message. */
  readonly reason: string;
  /** The value of the response's `WWW-Authenticate` header. */
  readonly wwwAuthenticate: string;

  /**
   * @param reason goes to the log and to the caller, so it must not hold a claim's value. Default: there is no bearer
   *   token.
   */
  constructor(reason: string = NO_TOKEN) {
    super(reason);
    this.reason = reason;
    this.wwwAuthenticate = challengeOf(reason);
  }
}

/**
 * The last successful read of the JWKS is too old, or there was none: HTTP 503. The caller did not cause it. `cause`
 * has the reason.
 */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';

  constructor(cause: unknown) {
    super('the key set (JWKS) could not be read', { cause });
  }
}
