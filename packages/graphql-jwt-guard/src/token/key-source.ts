import type { Algorithm } from './algorithms.ts';
import { InvalidTokenError, KeysUnavailableError } from './invalid-token-error.ts';
import type { VerificationKey, VerificationKeys } from './verification-keys.ts';

/**
 * The shortest time between two reads. The next use of keys of this age reads the JWKS again in the background. An unknown
 * `kid` reads it at once if it is due, and never more often.
 */
const REFRESH_MILLIS = 30_000;
/** The age at which a use waits for the read. So a withdrawn key verifies nothing 60 s after it left the JWKS. */
const WAIT_MILLIS = 60_000;
/** How long keys stay valid if the JWKS cannot be read. */
const TRUST_MILLIS = 24 * 60 * 60_000;
/** Pause between reads while there are no valid keys. */
const RETRY_MILLIS = 1_000;

/** A clock that was set back counts as an infinite time. Otherwise there would be no read until it catches up. */
const elapsed = (since: number, now: number): number => (now < since ? Number.POSITIVE_INFINITY : now - since);

/** `stale`: the last read failed, and the keys of an earlier one are valid. `missing`: no keys are valid. */
export type KeyState = 'current' | 'stale' | 'missing';

/** Holds the keys of a JWKS and keeps them fresh. Times are milliseconds of the caller's clock. */
export class KeySource {
  readonly #read: () => Promise<unknown>;
  readonly #keys: VerificationKeys;
  /** The start of the last read. */
  #lastAttempt = Number.NEGATIVE_INFINITY;
  /** The start of the last read that ended, with or without keys. */
  #lastEnded = Number.NEGATIVE_INFINITY;
  /** The start of the last read that gave keys. */
  #lastSuccess = Number.NEGATIVE_INFINITY;
  #lastError: unknown;
  #pendingRead: Promise<void> | undefined;

  constructor(read: () => Promise<unknown>, keys: VerificationKeys) {
    this.#read = read;
    this.#keys = keys;
  }

  /** Whether the keys are valid without a wait. Starts a read in the background if one is due. */
  isFresh(now: number): boolean {
    if (elapsed(this.#lastEnded, now) >= WAIT_MILLIS) return false;
    if (elapsed(this.#lastAttempt, now) >= REFRESH_MILLIS) void this.#refresh(now);
    return this.#isTrusted(now);
  }

  /**
   * Whether the last read gave keys, or else whether the keys of an earlier one are still valid. Starts a read in the
   * background if one is due: nobody else may use the keys for a day.
   */
  state(now: number): KeyState {
    if (this.#mayRead(now)) void this.#refresh(now);
    if (!this.#isTrusted(now)) return 'missing';
    return this.#lastError === undefined ? 'current' : 'stale';
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
    this.#lastEnded = now;
  }
}
