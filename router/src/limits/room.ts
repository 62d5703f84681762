import type { RequestFacts } from '@pessoa/service/http/request-facts';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';
import { RunningRequests } from './running-requests.ts';

/** Runs the work of a request when the process has room for it. @throws PublicError RATE_LIMITED when that takes too long */
export type RunInRoom = <T>(facts: RequestFacts, work: () => Promise<T>) => Promise<T>;

/**
 * Makes requests wait for room (`RunningRequests`), and counts them. A request whose client leaves while it waits is not run. A running
 * one goes on without its client, keeps its room, and is audited.
 */
export function openRoom(metrics: Metrics): RunInRoom {
  const registers = [metrics];
  const requests = new RunningRequests();
  const refusals = new Counter({
    name: 'pessoa_requests_refused_total',
    help: 'Requests that were not run: they waited too long for room, or their client left.',
    registers,
  });
  const gaugeOf = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gaugeOf('pessoa_requests_running', 'Requests about people that run.', () => requests.running);
  gaugeOf('pessoa_requests_running_limit', 'The most that may run at the same time; it moves.', () => requests.limit);
  gaugeOf('pessoa_requests_waiting', 'Requests that wait until others have ended.', () => requests.waiting);

  async function wait(facts: RequestFacts): Promise<void> {
    try {
      await requests.wait((leave) => (facts.onGone = leave));
    } catch (refusal) {
      refusals.inc();
      facts.retryAfterSeconds = 1;
      throw refusal;
    } finally {
      facts.onGone = undefined;
    }
  }

  return async (facts, work) => {
    if (!requests.tryStart()) await wait(facts);
    try {
      return await work();
    } finally {
      requests.end({ wasLate: facts.code === 'FONTE_LENTA' });
    }
  };
}
