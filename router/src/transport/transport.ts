import { setTimeout as sleep } from 'node:timers/promises';
import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import { type Breaker, createBreaker, type SourceState } from '@pessoa/service/resilience/breaker';
import { Pool } from 'undici';
import { exchange, type TransportAnswer } from './exchange.ts';
import { AnswerTooLargeError, CallerGoneError, isSourcesFault, isWorthRetrying } from './source-error.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { createSourceHealth, type SourceHealth } from './source-health.ts';

export interface TransportRequest {
  /** JSON. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When the request that needs this is over its own time, on the clock of `performance.now()`. */
  readonly endsAt?: number | undefined;
  /** True for what may run twice without harm: queries. Default false. */
  readonly isRepeatable?: boolean;
}

/**
 * A call lasts until its answer or its time: a client that goes away does not end it. Whether the subgraph had read the
 * person by then nobody would know, and the audit, which the router writes once it has the answers, would miss a read.
 */
export interface Transport {
  readonly fonte: Fonte;
  /**
   * @throws PublicError with `fonte` and, for the log, `cause`: FONTE_INDISPONIVEL (not reachable, connection lost,
   *   breaker open), FONTE_LENTA (over its time), FONTE_INVALIDA (not HTTP, cut short, over the size limit)
   */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Says that an answer was unusable, for `state`. */
  reportInvalidAnswer(): void;
  state(): SourceState;
  /** Waits for the calls under way, each within its time. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Of the subgraph's GraphQL endpoint. */
  readonly url: string;
  readonly fonte: Fonte;
  /** For a call as a whole: connection, answer and retry. */
  readonly timeoutMillis: number;
  /** At most this many calls at a time; the others wait within their time. */
  readonly connections: number;
  /** Default 10 MB. */
  readonly maxResponseBytes?: number;
  /** How long the breaker stays open before one call probes; default 5,000. */
  readonly probeAfterMillis?: number;
  /** A Unix socket instead of the host and port of `url`. */
  readonly socketPath?: string;
  /** Headers that prove who is calling, made anew for each attempt. */
  readonly sign?: (request: TransportRequest) => Readonly<Record<string, string>>;
}

const TEN_MEGABYTES = 10_000_000;
const JITTER_MILLIS = 40;

interface Wiring {
  readonly options: TransportOptions;
  readonly pool: Pool;
  readonly path: string;
  readonly breaker: Breaker;
  readonly budget: RetryBudget;
  readonly health: SourceHealth;
}

/**
 * Calls one subgraph over its own pool of kept-alive HTTP/1.1 connections, one call a connection at a time: with uneven
 * latency pipelining triples the median.
 */
export function createTransport(options: TransportOptions): Transport {
  const { origin, pathname, search } = new URL(options.url);
  const { fonte } = options;
  const wiring: Wiring = {
    options,
    path: pathname + search,
    pool: new Pool(origin, {
      connections: options.connections,
      pipelining: 1,
      allowH2: false,
      // One clock decides, ours, over the whole call; undici's own two start again with every byte.
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: options.timeoutMillis,
      ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
    }),
    breaker: createBreaker({
      ...(options.probeAfterMillis === undefined ? {} : { probeAfterMillis: options.probeAfterMillis }),
      isFailure: (error) => isSourcesFault(error) && !isTooLarge(error),
      saysNothing: (error) => !isSourcesFault(error),
      refusal: () => new PublicError('FONTE_INDISPONIVEL', { fonte }),
    }),
    budget: createRetryBudget(),
    health: createSourceHealth(),
  };

  return {
    fonte,
    send: (request) => wiring.breaker.run(() => sendRecorded(wiring, request)),
    reportInvalidAnswer: () => wiring.health.recordFailure(),
    state() {
      const told = wiring.health.state();
      // An open breaker stays open until the next call; without one, its word is old.
      return told !== 'ok' && wiring.breaker.state() === 'fora' ? 'fora' : told;
    },
    close: () => wiring.pool.close(),
  };
}

async function sendRecorded(wiring: Wiring, request: TransportRequest): Promise<TransportAnswer> {
  const { options, budget, health } = wiring;
  const startedAt = performance.now();
  const endsAt = Math.min(startedAt + options.timeoutMillis, request.endsAt ?? Infinity);
  budget.countCall();
  try {
    let answer: TransportAnswer;
    try {
      answer = await attempt(wiring, request, endsAt);
    } catch (error) {
      answer = await attemptAgain(wiring, request, endsAt, error);
    }
    health.recordAnswer();
    return answer;
  } catch (error) {
    if (!isSourcesFault(error)) throw error;
    if (isLate(error) && performance.now() - startedAt < options.timeoutMillis / 2) {
      const cause = new CallerGoneError('the request had little time left for the source');
      throw new PublicError('FONTE_LENTA', { fonte: options.fonte, cause });
    }
    health.recordFailure();
    throw error;
  }
}

const isLate = (error: unknown): boolean => error instanceof PublicError && error.code === 'FONTE_LENTA';

const isTooLarge = (error: unknown): boolean =>
  error instanceof PublicError && error.cause instanceof AnswerTooLargeError;

/** @throws `error`, unless it is worth a second attempt and there is time and budget for it */
async function attemptAgain(
  wiring: Wiring,
  request: TransportRequest,
  endsAt: number,
  error: unknown,
): Promise<TransportAnswer> {
  if (!request.isRepeatable || !isWorthRetrying(error)) throw error;
  const pause = Math.random() * JITTER_MILLIS;
  if (performance.now() + pause >= endsAt || !wiring.budget.takeRetry()) throw error;
  await sleep(pause);
  return attempt(wiring, request, endsAt);
}

/** @throws PublicError FONTE_LENTA without asking, when there is no time left */
async function attempt(
  { options, pool, path }: Wiring,
  request: TransportRequest,
  endsAt: number,
): Promise<TransportAnswer> {
  const timeoutMillis = endsAt - performance.now();
  if (timeoutMillis <= 0) throw new PublicError('FONTE_LENTA', { fonte: options.fonte });
  return exchange(pool, {
    fonte: options.fonte,
    path,
    body: request.body,
    headers: options.sign ? [request.headers, options.sign(request)] : [request.headers],
    timeoutMillis,
    maxResponseBytes: options.maxResponseBytes ?? TEN_MEGABYTES,
  });
}
