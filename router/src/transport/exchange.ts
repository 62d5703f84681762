import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { Dispatcher } from 'undici';
import {
  AnswerTooLargeError,
  OutOfTimeError,
  toSourceError,
  type Phase,
  UnavailableStatusError,
} from './source-error.ts';

export interface TransportAnswer {
  /** Never 502, 503 or 504: those become errors. */
  readonly status: number;
  readonly text: string;
}

interface ExchangeRequest {
  readonly fonte: Fonte;
  readonly path: string;
  readonly body: string;
  /** Sets of headers; each name occurs once in all of them. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  readonly timeoutMillis: number;
  readonly maxResponseBytes: number;
}

const unavailableStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Sends one POST and reads its whole answer.
 *
 * @throws PublicError as `Transport.send`
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    const reader = new ResponseReader(request, resolve, reject);
    const headers = ['content-type', 'application/json', 'accept', 'application/json'];
    for (const headerSet of request.headers)
      for (const name in headerSet) headers.push(name, headerSet[name] as string);
    dispatcher.dispatch({ method: 'POST', path: request.path, headers, body: request.body }, reader);
  });
}

/** Collects an answer within the limits of time and size. It ignores everything after the promise is settled. */
class ResponseReader implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest;
  readonly #resolve: (answer: TransportAnswer) => void;
  readonly #reject: (error: PublicError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #phase: Phase = 'not sent';
  #status = 0;
  #bytes = 0;
  #isSettled = false;

  constructor(
    request: ExchangeRequest,
    resolve: (answer: TransportAnswer) => void,
    reject: (error: PublicError) => void,
  ) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => {
      this.#giveUp(
        new PublicError('FONTE_LENTA', { fonte: request.fonte, cause: new Error('the source did not answer in time') }),
      );
    }, request.timeoutMillis);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The deadline passed while the call waited in the pool's queue.
    if (this.#isSettled) controller.abort(new OutOfTimeError());
    else this.#phase = 'sent';
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#phase = 'answering';
    this.#status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#request.maxResponseBytes) {
      const cause = new AnswerTooLargeError(`the answer has more than ${this.#request.maxResponseBytes} bytes`);
      this.#giveUp(new PublicError('FONTE_INVALIDA', { fonte: this.#request.fonte, cause }));
      controller.abort(cause);
    } else if (!this.#isSettled) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    this.#settle();
    if (unavailableStatuses.has(this.#status)) {
      const cause = new UnavailableStatusError(this.#status);
      this.#reject(new PublicError('FONTE_INDISPONIVEL', { fonte: this.#request.fonte, cause }));
      return;
    }
    const [firstChunk] = this.#chunks;
    const bytes = firstChunk && this.#chunks.length === 1 ? firstChunk : Buffer.concat(this.#chunks, this.#bytes);
    this.#resolve({ status: this.#status, text: bytes.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#reject(toSourceError(error, this.#phase, this.#request.fonte));
  }

  #giveUp(error: PublicError): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
  }
}
