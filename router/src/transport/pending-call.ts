import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { WireAnswer, WireRequest } from './wire.ts';

/** A call that waits for its answer, at most until its deadline. Whatever comes after it has ended is ignored. */
export class PendingCall {
  readonly request: WireRequest;
  readonly answer: Promise<WireAnswer>;
  readonly #timer: NodeJS.Timeout;
  #settle!: { resolve(answer: WireAnswer): void; reject(error: Error): void };
  #onEnd: () => void = () => {};
  #hasEnded = false;

  /** Rejects with FONTE_LENTA after `timeoutMillis`. */
  constructor(request: WireRequest, fonte: Fonte, timeoutMillis: number) {
    this.request = request;
    this.answer = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#timer = setTimeout(
      () =>
        this.reject(new PublicError('FONTE_LENTA', { fonte, cause: new Error('the source did not answer in time') })),
      timeoutMillis,
    );
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Calls a function when the call ends, in place of the one before. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  resolve(answer: WireAnswer): void {
    if (this.#end()) this.#settle.resolve(answer);
  }

  reject(error: Error): void {
    if (this.#end()) this.#settle.reject(error);
  }

  #end(): boolean {
    if (this.#hasEnded) return false;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#onEnd();
    return true;
  }
}
