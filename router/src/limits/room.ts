import type { RequestFacts } from '@pessoa/service/http/request-facts';
import type { TakeRoom } from '@pessoa/service/limits/rate-limit-plugin';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';
import { RunningRequests } from './running-requests.ts';

/** The room of a process for requests about people. */
export interface Room {
  /** Runs the work of a request when there is room for one more. @throws PublicError RATE_LIMITED when that takes too long */
  readonly run: <T>(facts: RequestFacts, work: () => Promise<T>) => Promise<T>;
  /**
   * Waits within that work until there is room for its people, once for each work.
   * @throws PublicError RATE_LIMITED when that takes too long
   */
  readonly takeFor: TakeRoom;
}

/** The people of two lists of a hundred: they keep a processor busy. */
const PEOPLE_MIN = 200;
const PEOPLE_MAX = 4_000;

/** In the facts of a request: the people for whom it has room. */
const PEOPLE = Symbol('people in the room');
type RoomFacts = RequestFacts & { [PEOPLE]?: number | undefined };

/**
 * Makes requests wait for room (`RunningRequests`), first for each request and then for its people, and counts them. A request whose client
 * leaves while it waits is not run. A running one goes on without its client, keeps its room, and is audited. Whoever waits for people
 * holds the room of a request, and whoever has people waits for nothing: they cannot wait for one another.
 */
export function openRoom(metrics: Metrics): Room {
  const registers = [metrics];
  const requests = new RunningRequests();
  const people = new RunningRequests({ min: PEOPLE_MIN, max: PEOPLE_MAX });
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
  gaugeOf('pessoa_people_running', 'The people whom running requests are about.', () => people.running);
  gaugeOf('pessoa_people_running_limit', 'The most people of requests that run at the same time; it moves.', () => people.limit); // prettier-ignore
  gaugeOf('pessoa_requests_waiting', 'Requests that wait until others have ended.', () => requests.waiting + people.waiting); // prettier-ignore

  async function start(limited: RunningRequests, facts: RequestFacts, size: number): Promise<void> {
    if (limited.tryStart(size)) return;
    try {
      await limited.wait((leave) => (facts.onGone = leave), size);
    } catch (refusal) {
      refusals.inc();
      facts.retryAfterSeconds = 1;
      throw refusal;
    } finally {
      facts.onGone = undefined;
    }
  }

  return {
    async run(facts: RoomFacts, work) {
      await start(requests, facts, 1);
      try {
        return await work();
      } finally {
        const wasLate = facts.code === 'FONTE_LENTA';
        const size = facts[PEOPLE];
        if (size !== undefined) people.end({ wasLate, size });
        facts[PEOPLE] = undefined;
        requests.end({ wasLate });
      }
    },
    async takeFor(facts: RoomFacts, count) {
      if (count === 0 || facts[PEOPLE] !== undefined) return;
      await start(people, facts, count);
      facts[PEOPLE] = count;
    },
  };
}
