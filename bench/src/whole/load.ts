import autocannon from 'autocannon';
import { cpuTicks, MILLIS_PER_TICK } from '../cpu-ticks.ts';
import { median, percentile } from '../measurements.ts';
import { descendants } from '../memory.ts';
import type { BenchSystem } from '../system.ts';

/** What one measurement gave. */
export interface Figures {
  /** Microseconds of CPU a request, by process. */
  readonly micros: ReadonlyMap<string, number>;
  readonly total: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Times beyond what a busy machine needs: an answer that lacks a part is not that of the peer. */
export const AMPLE_DEADLINES: NodeJS.ProcessEnv = {
  ...Object.fromEntries(['BASE_A', 'BASE_B', 'BASE_C'].flatMap((base) => [[`${base}_ACQUIRE_MILLIS`, '9000'], [`${base}_STATEMENT_MILLIS`, '9000']])), // prettier-ignore
  AUDIT_TIMEOUT_MILLIS: '9000',
  AUDIT_READER_TIMEOUT_MILLIS: '9000',
  DEBT_TIMEOUT_MILLIS: '20000',
  SCORE_TIMEOUT_MILLIS: '20000',
  EVENT_TIMEOUT_MILLIS: '20000',
  REQUEST_TIMEOUT_MILLIS: '25000',
};

/** A service under measurement. */
export interface Target {
  /** Its origin. */
  readonly origin: string;
  /** Microseconds of CPU of its processes so far, by name. */
  readonly cpu: () => Promise<Map<string, number>>;
}

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

export const CONNECTIONS_MAX = 16;

export function systemTarget({ url, supervisor }: BenchSystem): Target {
  return {
    origin: url,
    cpu: async () => {
      const ticks = cpuTicks(descendants(supervisor.pid!));
      return new Map([...ticks].map(([name, value]) => [name, value * MILLIS_PER_TICK * 1_000]));
    },
  };
}

/** Sends requests over some connections, each with its own token, and each beginning with another of the requests. */
export async function measure(
  target: Target,
  tokens: readonly string[],
  requests: readonly LoadRequest[],
  connections: number,
  amount: number,
): Promise<Figures> {
  const before = await target.cpu();
  const times: number[] = [];
  let next = 0;
  let partial = 0;
  const result = await autocannon({
    url: target.origin,
    connections,
    amount,
    setupClient(client) {
      const index = next++;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[index]!}` };
      const first = index % requests.length;
      const own = [...requests.slice(first), ...requests.slice(0, first)];
      client.setRequests(own.map((request) => ({ ...request, headers })));
      client.on('response', (_status, _bytes, millis) => times.push(millis));
      client.on('body', (body) => (partial += body.includes('"errors":[') ? 1 : 0));
    },
  });
  const failed = result.non2xx + result.errors + partial;
  if (failed > 0) throw new Error(`${failed} requests failed, ${partial} of them in part: ${JSON.stringify(result.statusCodeStats)}`); // prettier-ignore
  const after = await target.cpu();
  const micros = new Map([...after].map(([name, value]) => [name, (value - (before.get(name) ?? 0)) / amount]));
  return {
    micros,
    total: [...micros.values()].reduce((sum, value) => sum + value, 0),
    perSecond: amount / result.duration,
    p50: percentile(times, 0.5), // autocannon's own are whole milliseconds
    p99: percentile(times, 0.99),
  };
}

export const medianOf = (rounds: readonly Figures[], valueOf: (figures: Figures) => number): number => median(rounds.map(valueOf)); // prettier-ignore

/**
 * Measures the sides in turn, round by round. The side that goes first alternates, as does what PostgreSQL cleans meanwhile.
 *
 * @param measureSide measures one side once
 */
export async function interleave<Side extends string>(
  sides: readonly Side[],
  roundCount: number,
  measureSide: (side: Side) => Promise<Figures>,
): Promise<Record<Side, Figures>[]> {
  const rounds: Record<Side, Figures>[] = [];
  for (let round = 0; round < roundCount; round++) {
    const figures: Partial<Record<Side, Figures>> = {};
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) figures[side] = await measureSide(side);
    rounds.push(figures as Record<Side, Figures>);
  }
  return rounds;
}
