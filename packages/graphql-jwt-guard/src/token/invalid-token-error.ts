import { challengeOf, type ChallengeOptions } from './challenge.ts';

const NO_TOKEN = 'no bearer token';

/**
 * The token or its proof is absent or refused: HTTP 401. The error holds neither the token nor a claim's value. It has no
 * `cause`, because the errors of jose hold the whole payload.
 */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
  /** Safe for a log. It is also the message. */
  readonly reason: string;
  /** The value of the response's `WWW-Authenticate` header. */
  readonly wwwAuthenticate: string;
  readonly #challenge: ChallengeOptions;

  /**
   * @param reason goes to the log and to the caller, so it must not hold a claim's value. Default: there is no bearer
   *   token.
   */
  constructor(reason: string = NO_TOKEN, challenge: ChallengeOptions = {}) {
    super(reason);
    this.reason = reason;
    this.#challenge = challenge;
    // RFC 6750 section 3.1: a request without any authentication gets no error code.
    this.wwwAuthenticate = challengeOf(reason === NO_TOKEN ? undefined : reason, challenge);
  }

  /** The same error with these options of its challenge, unless it has them already. */
  withChallenge(challenge: ChallengeOptions): InvalidTokenError {
    return new InvalidTokenError(this.reason, { ...challenge, ...this.#challenge });
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
