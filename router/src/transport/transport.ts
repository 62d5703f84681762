import { setTimeout as sleep } from 'node:timers/promises';
import { PublicError, type PublicErrorCode } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import { type Breaker, createBreaker, type SourceState } from '@pessoa/service/resilience/breaker';
import type { CallObserver } from './call-metrics.ts';
import { httpWire, type HttpWireOptions } from './http-wire.ts';
import {
  AnswerTooLargeError,
  OutOfTimeError,
  isSourcesFault,
  isWorthRetrying,
  UnavailableStatusError,
} from './source-error.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { createSourceHealth, type SourceHealth } from './source-health.ts';
import type { Wire, WireAnswer, WireRequest } from './wire.ts';

export interface TransportRequest extends WireRequest {
  /** Deadline of the client's request, in milliseconds of `performance.now()`. Default: none. */
  readonly endsAt?: number | undefined;
  /** True for a query: it may run twice without harm. Default: false. */
  readonly isRepeatable?: boolean;
}

/**
 * Sends calls to one subgraph. A call ends with its answer or at its deadline, even if the client disconnects before.
 * If a disconnect ended it, the audit could miss a read: the router writes the audit after it has the answers.
 */
export interface Transport {
  readonly fonte: Fonte;
  /**
   * @throws PublicError with `fonte` and, for the log, `cause`: FONTE_INDISPONIVEL (unreachable, connection lost,
   *   status 502 to 504, breaker open), FONTE_LENTA (no answer before the deadline), FONTE_INVALIDA (not HTTP,
   *   truncated, too large); INTERNAL_SERVER_ERROR for a request that HTTP does not allow
   */
  send(request: TransportRequest): Promise<WireAnswer>;
  /** Records that the content of an answer was useless. Only `state` depends on it, not the breaker. */
  reportInvalidAnswer(): void;
  /** `fora` also while the breaker is open, if a call of the last 10 s failed. */
  state(): SourceState;
  /** Waits for all running calls. */
  close(): Promise<void>;
}

interface CallOptions {
  readonly fonte: Fonte;
  /** Time of a whole call: queue, connection, answer and retry. */
  readonly timeoutMillis: number;
  /** Time from the opening of the breaker to the call that probes the source. Default: 5,000. */
  readonly probeAfterMillis?: number;
  /** Measures the calls. Default: nobody does. */
  readonly observer?: CallObserver;
}

export interface TransportOptions extends CallOptions, HttpWireOptions {}

const JITTER_MILLIS = 40;
const unavailableStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

interface Wiring {
  readonly options: CallOptions;
  readonly wire: Wire;
  readonly breaker: Breaker;
  readonly budget: RetryBudget;
  readonly health: SourceHealth;
}

/** Creates a transport over HTTP. */
export const createTransport = (options: TransportOptions): Transport => transportOver(httpWire(options), options);

/** Adds the breaker, the retry and the health of a source to a wire. */
export function transportOver(wire: Wire, options: CallOptions): Transport {
  const { fonte, observer } = options;
  const wiring: Wiring = {
    options,
    wire,
    breaker: createBreaker({
      ...(options.probeAfterMillis === undefined ? {} : { probeAfterMillis: options.probeAfterMillis }),
      isFailure: (error) => isSourcesFault(error) && !isTooLarge(error),
      isInconclusive: (error) => !isSourcesFault(error),
      refusal() {
        observer?.refused();
        return new PublicError('FONTE_INDISPONIVEL', { fonte });
      },
    }),
    budget: createRetryBudget(),
    health: createSourceHealth(),
  };
  observer?.showBreaker(wiring.breaker);

  return {
    fonte,
    send: (request) => wiring.breaker.run(() => sendRecorded(wiring, request)),
    reportInvalidAnswer: () => wiring.health.recordFailure(),
    state() {
      const callState = wiring.health.state();
      // Without recent calls the state of a breaker says nothing.
      return callState !== 'ok' && wiring.breaker.state() === 'fora' ? 'fora' : callState;
    },
    close: () => wire.close(),
  };
}

/** Sends a call, with at most one retry, and records the result for `state`. */
async function sendRecorded(wiring: Wiring, request: TransportRequest): Promise<WireAnswer> {
  const { options, budget, health } = wiring;
  const startedAt = performance.now();
  const endsAt = Math.min(startedAt + options.timeoutMillis, request.endsAt ?? Infinity);
  budget.countCall();
  try {
    let answer: WireAnswer;
    try {
      answer = await attempt(wiring, request, endsAt);
    } catch (error) {
      answer = await attemptAgain(wiring, request, endsAt, error);
    }
    health.recordAnswer();
    options.observer?.ended(undefined, secondsSince(startedAt));
    return answer;
  } catch (error) {
    options.observer?.ended(codeOf(error), secondsSince(startedAt));
    // The size of an answer is the client's doing.
    if (!isSourcesFault(error) || isTooLarge(error)) throw error;
    if (isLate(error) && performance.now() - startedAt < options.timeoutMillis / 2) {
      const cause = new OutOfTimeError('the request left the source less than half of its time');
      throw new PublicError('FONTE_LENTA', { fonte: options.fonte, cause });
    }
    health.recordFailure();
    throw error;
  }
}

const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1_000;

const codeOf = (error: unknown): PublicErrorCode =>
  error instanceof PublicError ? error.code : 'INTERNAL_SERVER_ERROR';

const isLate = (error: unknown): boolean => error instanceof PublicError && error.code === 'FONTE_LENTA';

const isTooLarge = (error: unknown): boolean =>
  error instanceof PublicError && error.cause instanceof AnswerTooLargeError;

/** @throws `error` unless a retry makes sense and there is time and budget for one */
async function attemptAgain(
  wiring: Wiring,
  request: TransportRequest,
  endsAt: number,
  error: unknown,
): Promise<WireAnswer> {
  if (!request.isRepeatable || !isWorthRetrying(error)) throw error;
  const pause = Math.random() * JITTER_MILLIS;
  if (performance.now() + pause >= endsAt || !wiring.budget.takeRetry()) throw error;
  wiring.options.observer?.retried();
  await sleep(pause);
  return attempt(wiring, request, endsAt);
}

/** @throws PublicError FONTE_LENTA if no time is left; nothing is sent then */
async function attempt({ options, wire }: Wiring, request: TransportRequest, endsAt: number): Promise<WireAnswer> {
  const timeoutMillis = endsAt - performance.now();
  if (timeoutMillis <= 0) throw new PublicError('FONTE_LENTA', { fonte: options.fonte });
  const answer = await wire.exchange(request, timeoutMillis);
  if (!unavailableStatuses.has(answer.status)) return answer;
  const cause = new UnavailableStatusError(answer.status);
  throw new PublicError('FONTE_INDISPONIVEL', { fonte: options.fonte, cause });
}
