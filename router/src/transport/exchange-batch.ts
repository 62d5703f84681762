import type { IncomingHttpHeaders } from 'node:http';
import { type AnswerLine, AnswerLineReader, BATCH_ANSWER_TYPE, fetchText } from '@pessoa/service/graphql/batch-format';
import type { Dispatcher } from 'undici';
import { answerTooLarge, type ExchangeOptions, post } from './exchange.ts';
import type { PendingCall } from './pending-call.ts';
import { OutOfTimeError, type Phase, toSourceError } from './source-error.ts';

export interface BatchOptions extends ExchangeOptions {
  /** Makes headers that prove that the router sent the batch. */
  readonly sign: (path: string, body: string) => Readonly<Record<string, string>>;
  /** Gets the waiting calls of a batch that the subgraph, or something before it, answered as a whole. */
  readonly onRefused: (calls: readonly PendingCall[], status: number) => void;
}

/** Sends several calls in one request. Each ends with its own answer, as soon as that is there, or with an error as `Wire.exchange`. */
export function exchangeBatch(dispatcher: Dispatcher, calls: readonly PendingCall[], options: BatchOptions): void {
  const body = `[${calls.map(({ request }) => fetchText(request.headers, request.body)).join(',')}]`;
  const { path, sign } = options;
  post(dispatcher, { path, body, headers: [sign(path, body)] }, new BatchReader(calls, options));
}

/** Reads the answers of a batch. It aborts the request once no call waits any more. */
class BatchReader implements Dispatcher.DispatchHandler {
  readonly #calls: readonly PendingCall[];
  readonly #options: BatchOptions;
  readonly #lines: AnswerLineReader;
  #controller: Dispatcher.DispatchController | undefined;
  #phase: Phase = 'not sent';
  #status = 0;
  #hasLines = false;
  /** Calls that have not ended. */
  #waiting: number;
  /** Calls without a line. */
  #unanswered: number;
  #isComplete = false;

  constructor(calls: readonly PendingCall[], options: BatchOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#waiting = this.#unanswered = calls.length;
    const { fonte, maxResponseBytes } = options;
    this.#lines = new AnswerLineReader(
      maxResponseBytes,
      (line) => this.#onLine(line),
      (number) => {
        this.#unanswered--;
        calls[number]?.reject(answerTooLarge(fonte, maxResponseBytes));
      },
    );
    for (const call of calls) {
      call.onEnd(() => {
        this.#waiting--;
        if (this.#waiting === 0 && this.#unanswered > 0 && !this.#isComplete) this.#controller?.abort(new OutOfTimeError()); // prettier-ignore
      });
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#waiting === 0) controller.abort(new OutOfTimeError());
    else this.#phase = 'sent';
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#hasLines = status === 200 && headers['content-type'] === BATCH_ANSWER_TYPE;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#hasLines) this.#lines.add(chunk);
  }

  onResponseEnd(): void {
    this.#isComplete = true;
    if (this.#hasLines) {
      if (this.#waiting > 0) this.#rejectWaiting(new Error('the batch ended without this answer'), 'answering');
    } else {
      const waiting = this.#calls.filter(({ hasEnded }) => !hasEnded);
      this.#options.onRefused(waiting, this.#status);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#isComplete = true;
    this.#rejectWaiting(error, this.#phase);
  }

  #onLine(line: AnswerLine | undefined): void {
    const call = line && this.#calls[line.number];
    this.#unanswered--;
    if (call) call.resolve(line);
    else {
      this.#rejectWaiting(new Error('a line of the batch cannot be read'), 'answering');
      this.#controller?.abort(new OutOfTimeError());
    }
  }

  /** A call whose answer had begun fails as `answering`; the others fail with the phase of the request. */
  #rejectWaiting(error: Error, phase: Phase): void {
    const { started } = this.#lines;
    for (const [number, call] of this.#calls.entries()) {
      // Most have ended well. An error for these, with its stack, would be a tenth of what a request costs.
      if (call.hasEnded) continue;
      call.reject(toSourceError(error, number === started ? 'answering' : phase, this.#options.fonte));
    }
  }
}
