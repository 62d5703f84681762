import type { Algorithm } from './algorithms.ts';
import { InvalidTokenError, KeysUnavailableError } from './invalid-token-error.ts';
import type { VerificationKey, VerificationKeys } from './verification-keys.ts';

/** The JWKS is read again when it is used and this old: an unknown `kid` cannot make us read it more often. */
const REREAD_MILLIS = 60_000;
/** After a pause this long the reading is waited for: else a token of a withdrawn key would pass once more. */
const WAIT_MILLIS = 2 * REREAD_MILLIS;
/** How long the last good keys serve while the JWKS cannot be read. */
const TRUST_MILLIS = 10 * 60_000;
/** Pause between attempts as long as there are no keys to serve with. */
const RETRY_MILLIS = 1_000;

/** A clock that was set back counts as very long ago: we read again rather than never. */
const elapsed = (since: number, now: number): number => (now < since ? Number.POSITIVE_INFINITY : now - since);

/** Keeps the keys as fresh as the rules above say. Times are milliseconds of the caller's clock. */
export class KeySource {
  readonly #read: () => Promise<unknown>;
  readonly #keys: VerificationKeys;
  #lastAttempt = Number.NEGATIVE_INFINITY;
  #lastGood = Number.NEGATIVE_INFINITY;
  #lastFault: unknown;
  #reading: Promise<void> | undefined;

  constructor(read: () => Promise<unknown>, keys: VerificationKeys) {
    this.#read = read;
    this.#keys = keys;
  }

  /** Whether the keys may serve without waiting. Starts a reading in the background when one is due. */
  isFresh(now: number): boolean {
    const age = elapsed(this.#lastAttempt, now);
    if (age >= WAIT_MILLIS) return false;
    if (age >= REREAD_MILLIS) void this.#reread(now);
    return this.#isTrusted(now);
  }

  /** @throws KeysUnavailableError when there are no keys young enough to serve */
  async settle(now: number): Promise<void> {
    if (this.isFresh(now)) return;
    if (this.#mayRead(now)) await this.#reread(now);
    if (!this.#isTrusted(now)) throw new KeysUnavailableError(this.#lastFault);
  }

  /**
   * The one key that may have signed such a token.
   *
   * @throws InvalidTokenError when none fits, or more than one
   * @throws KeysUnavailableError
   */
  async find(algorithm: Algorithm, kid: string | undefined, now: number): Promise<VerificationKey> {
    await this.settle(now);
    let candidates = this.#keys.candidates(algorithm, kid);
    if (candidates.length === 0 && this.#mayRead(now)) {
      await this.#reread(now);
      candidates = this.#keys.candidates(algorithm, kid);
    }
    const [key] = candidates;
    if (key === undefined || candidates.length > 1) throw new InvalidTokenError('the signing key is not known');
    return key;
  }

  #isTrusted(now: number): boolean {
    return elapsed(this.#lastGood, now) < TRUST_MILLIS;
  }

  #mayRead(now: number): boolean {
    const pause = this.#isTrusted(now) ? REREAD_MILLIS : RETRY_MILLIS;
    return this.#reading !== undefined || elapsed(this.#lastAttempt, now) >= pause;
  }

  /** One reading at a time, shared by all who ask. It never rejects: a fault leaves the keys as they are. */
  #reread(now: number): Promise<void> {
    this.#reading ??= this.#readOnce(now).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(now: number): Promise<void> {
    this.#lastAttempt = now;
    try {
      this.#keys.replace(await this.#read());
      this.#lastGood = now;
      this.#lastFault = undefined;
    } catch (fault) {
      this.#lastFault = fault;
    }
  }
}
