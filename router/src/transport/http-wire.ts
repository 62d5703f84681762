import type { Fonte } from '@pessoa/domain/services';
import { BATCH_CHARACTERS_MAX, BATCH_FETCHES_MAX, BATCH_SUFFIX } from '@pessoa/service/graphql/batch-format';
import { Pool } from 'undici';
import type { CallObserver } from './call-metrics.ts';
import { exchange } from './exchange.ts';
import { exchangeBatch } from './exchange-batch.ts';
import { PendingCall } from './pending-call.ts';
import type { Wire, WireRequest } from './wire.ts';

type Headers = Readonly<Record<string, string>>;

export interface HttpWireOptions {
  /** The subgraph's GraphQL endpoint. */
  readonly url: string;
  readonly fonte: Fonte;
  /** The most time to open a connection. */
  readonly timeoutMillis: number;
  /** The highest number of parallel requests. Further requests wait, and the time of their calls runs. */
  readonly connections: number;
  /** Of each answer. Default: 10,000,000. */
  readonly maxResponseBytes?: number;
  /** Makes headers that prove that the router sent the call, for each attempt. Default: none. */
  readonly sign?: (request: WireRequest) => Headers;
  /**
   * Makes headers that prove that the router sent a batch. With it, calls of one tick of the event loop share a request, and of
   * four while the subgraph is busy (docs/decisions/0034). Default: each call has its own.
   */
  readonly signBatch?: ((path: string, body: string) => Headers) | undefined;
  /** Measures the requests. Default: nobody does. */
  readonly observer?: CallObserver;
}

const TEN_MEGABYTES = 10_000_000;

/** From so many running requests on, the ticks of the loop are short and each has few calls. */
const BUSY_REQUESTS = 4;

/** So many ticks of the loop gather calls while the wire is busy. A tick without work takes microseconds. */
const GATHERING_TICKS = 4;

/** After a refused batch, such as by a subgraph of an older version, calls are sent alone for so long. */
const WITHOUT_BATCHES_MILLIS = 10_000;

const NO_HEADERS: Headers = {};

/**
 * Calls a subgraph over a pool of HTTP/1.1 connections. A connection carries one request at a time: with uneven latency,
 * pipelining triples the median.
 */
export function httpWire({ url, fonte, sign, signBatch, observer, ...options }: HttpWireOptions): Wire {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    // Our own timer covers the whole call. These two of undici start again with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: options.timeoutMillis,
  });
  const { maxResponseBytes = TEN_MEGABYTES } = options;
  const exchangeOptions = { fonte, path: pathname + search, maxResponseBytes };
  let gathered: PendingCall[] = [];
  let batchesFrom = -Infinity;

  function sendAlone(call: PendingCall): void {
    observer?.sent(1);
    exchange(pool, call, sign?.(call.request) ?? NO_HEADERS, exchangeOptions);
  }

  function sendBatch(calls: readonly PendingCall[], signOf: NonNullable<typeof signBatch>): void {
    observer?.sent(calls.length);
    exchangeBatch(pool, calls, {
      ...exchangeOptions,
      path: pathname + BATCH_SUFFIX + search,
      sign: signOf,
      onRefused(waiting, status) {
        // The subgraph, or a proxy before it, cannot answer now: the transport decides whether a call is sent again.
        if (status >= 500) return waiting.forEach((call) => call.resolve({ status, text: '' }));
        batchesFrom = performance.now() + WITHOUT_BATCHES_MILLIS;
        waiting.forEach(sendAlone);
      },
    });
  }

  function sendGathered(signOf: NonNullable<typeof signBatch>, ticks: number): void {
    if (ticks < GATHERING_TICKS && gathered.length < BATCH_FETCHES_MAX && pool.stats.running >= BUSY_REQUESTS) {
      setImmediate(sendGathered, signOf, ticks + 1);
      return;
    }
    const calls = gathered.filter(({ hasEnded }) => !hasEnded);
    gathered = [];
    for (const batch of batchesOf(calls)) {
      if (batch.length === 1) sendAlone(batch[0]!);
      else sendBatch(batch, signOf);
    }
  }

  return {
    exchange(request, timeoutMillis) {
      const call = new PendingCall(request, fonte, timeoutMillis);
      if (!signBatch || performance.now() < batchesFrom) sendAlone(call);
      else if (gathered.push(call) === 1) setImmediate(sendGathered, signBatch, 1);
      return call.answer;
    },
    close: () => pool.close(),
  };
}

/** Splits calls into batches within the limits. A call that is longer than a batch may be is alone. */
function batchesOf(calls: readonly PendingCall[]): PendingCall[][] {
  const batches: PendingCall[][] = [];
  let batch: PendingCall[] = [];
  let characters = 0;
  for (const call of calls) {
    const { length } = call.request.body;
    if (batch.length === BATCH_FETCHES_MAX || (batch.length > 0 && characters + length > BATCH_CHARACTERS_MAX)) {
      batches.push(batch);
      batch = [];
      characters = 0;
    }
    batch.push(call);
    characters += length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
