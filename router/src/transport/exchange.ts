import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import type { Dispatcher } from 'undici';
import type { PendingCall } from './pending-call.ts';
import { AnswerTooLargeError, OutOfTimeError, type Phase, toSourceError } from './source-error.ts';

type Headers = Readonly<Record<string, string>>;

export interface ExchangeOptions {
  readonly fonte: Fonte;
  readonly path: string;
  readonly maxResponseBytes: number;
}

/** Sends a POST of JSON. @param headers sets of headers; each name occurs once in all of them */
export function post(
  dispatcher: Dispatcher,
  { path, body, headers }: { path: string; body: string; headers: readonly Headers[] },
  reader: Dispatcher.DispatchHandler,
): void {
  const list = ['content-type', 'application/json', 'accept', 'application/json'];
  for (const headerSet of headers) for (const name in headerSet) list.push(name, headerSet[name] as string);
  dispatcher.dispatch({ method: 'POST', path, headers: list, body }, reader);
}

export const answerTooLarge = (fonte: Fonte, maxResponseBytes: number): PublicError =>
  new PublicError('FONTE_INVALIDA', {
    fonte,
    cause: new AnswerTooLargeError(`the answer has more than ${maxResponseBytes} bytes`),
  });

/** Sends one call. It ends with its whole answer, or an error as `Wire.exchange`. */
export function exchange(dispatcher: Dispatcher, call: PendingCall, sign: Headers, options: ExchangeOptions): void {
  const { body, headers } = call.request;
  post(dispatcher, { path: options.path, body, headers: [headers, sign] }, new ResponseReader(call, options));
}

/** Collects an answer within the limit of its size. A call that ends before aborts the request. */
class ResponseReader implements Dispatcher.DispatchHandler {
  readonly #call: PendingCall;
  readonly #options: ExchangeOptions;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #phase: Phase = 'not sent';
  #status = 0;
  #bytes = 0;
  #isComplete = false;

  constructor(call: PendingCall, options: ExchangeOptions) {
    this.#call = call;
    this.#options = options;
    call.onEnd(() => {
      if (!this.#isComplete) this.#controller?.abort(new OutOfTimeError());
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The deadline passed while the call waited in the pool's queue.
    if (this.#call.hasEnded) controller.abort(new OutOfTimeError());
    else this.#phase = 'sent';
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#phase = 'answering';
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { fonte, maxResponseBytes } = this.#options;
    this.#bytes += chunk.byteLength;
    if (this.#bytes > maxResponseBytes) this.#call.reject(answerTooLarge(fonte, maxResponseBytes));
    else if (!this.#call.hasEnded) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#isComplete = true;
    const [firstChunk] = this.#chunks;
    const bytes = firstChunk && this.#chunks.length === 1 ? firstChunk : Buffer.concat(this.#chunks, this.#bytes);
    this.#call.resolve({ status: this.#status, text: bytes.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#isComplete = true;
    this.#call.reject(toSourceError(error, this.#phase, this.#options.fonte));
  }
}
