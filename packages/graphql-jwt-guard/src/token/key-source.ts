import type { Algorithm } from './algorithms.ts';
import { InvalidTokenError, KeysUnavailableError } from './invalid-token-error.ts';
import type { VerificationKey, VerificationKeys } from './verification-keys.ts';

/** The age at which the next use reads the JWKS again. An unknown `kid` does not cause more reads. */
const REFRESH_MILLIS = 60_000;
/** The age at which a use waits for the read. Otherwise a token of a withdrawn key would pass once more. */
const WAIT_MILLIS = 2 * REFRESH_MILLIS;
/** How long keys stay valid if the JWKS cannot be read. */
const TRUST_MILLIS = 10 * 60_000;
/** Pause between reads while there are no valid keys. */
const RETRY_MILLIS = 1_000;

/** A clock that was set back counts as an infinite time. Otherwise there would be no read until it catches up. */
const elapsed = (since: number, now: number): number => (now < since ? Number.POSITIVE_INFINITY : now - since);

/** Holds the keys of a JWKS and keeps them fresh. Times are milliseconds of the caller's clock. */
export class KeySource {
  readonly #read: () => Promise<unknown>;
  readonly #keys: VerificationKeys;
  #lastAttempt = Number.NEGATIVE_INFINITY;
  #lastSuccess = Number.NEGATIVE_INFINITY;
  #lastError: unknown;
  #pendingRead: Promise<void> | undefined;

  constructor(read: () => Promise<unknown>, keys: VerificationKeys) {
    this.#read = read;
    this.#keys = keys;
  }

  /** Whether the keys are valid without a wait. Starts a read in the background if one is due. */
  isFresh(now: number): boolean {
    const age = elapsed(this.#lastAttempt, now);
    if (age >= WAIT_MILLIS) return false;
    if (age >= REFRESH_MILLIS) void this.#refresh(now);
    return this.#isTrusted(now);
  }

  /**
   * Waits for a read if the keys are too old.
   *
   * @throws KeysUnavailableError if there are no valid keys after the read
   */
  async ensureKeys(now: number): Promise<void> {
    if (this.isFresh(now)) return;
    if (this.#mayRead(now)) await this.#refresh(now);
    if (!this.#isTrusted(now)) throw new KeysUnavailableError(this.#lastError);
  }

  /**
   * Finds the key that may have signed a token.
   *
   * @throws InvalidTokenError unless exactly one key fits
   * @throws KeysUnavailableError if there are no valid keys
   */
  async find(algorithm: Algorithm, kid: string | undefined, now: number): Promise<VerificationKey> {
    await this.ensureKeys(now);
    let candidates = this.#keys.candidates(algorithm, kid);
    if (candidates.length === 0 && this.#mayRead(now)) {
      await this.#refresh(now);
      candidates = this.#keys.candidates(algorithm, kid);
    }
    const [key] = candidates;
    if (key === undefined || candidates.length > 1) throw new InvalidTokenError('the signing key is not known');
    return key;
  }

  #isTrusted(now: number): boolean {
    return elapsed(this.#lastSuccess, now) < TRUST_MILLIS;
  }

  #mayRead(now: number): boolean {
    const pause = this.#isTrusted(now) ? REFRESH_MILLIS : RETRY_MILLIS;
    return this.#pendingRead !== undefined || elapsed(this.#lastAttempt, now) >= pause;
  }

  /** Reads the JWKS. Concurrent callers share one read. It never rejects: after an error the keys stay. */
  #refresh(now: number): Promise<void> {
    this.#pendingRead ??= this.#readOnce(now).finally(() => {
      this.#pendingRead = undefined;
    });
    return this.#pendingRead;
  }

  async #readOnce(now: number): Promise<void> {
    this.#lastAttempt = now;
    try {
      this.#keys.replace(await this.#read());
      this.#lastSuccess = now;
      this.#lastError = undefined;
    } catch (error) {
      this.#lastError = error;
    }
  }
}
