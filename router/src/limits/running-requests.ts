import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { PublicError } from '@pessoa/domain/errors';

/** As many requests always run at the same time. */
export const RUNNING_MIN = 24;
/** More never do. */
const RUNNING_MAX = 512;
/** The most time that a request waits. */
const WAIT_MILLIS = 2_000;
/** The process is busy when its event loop had less time to spare than this. */
const SPARE_MIN = 0.1;
/** Sources are late when they were for more than this share of the requests that ended since the last look. */
const LATE_MAX = 0.5;
/** Fewer late requests say nothing. */
const LATE_MIN = 3;
/** What is left of the limit after each look at a busy process. */
const BUSY_FACTOR = 0.9;
/** So long after sources were late, the limit rises by a small step at a time: one request. */
const CAREFUL_MILLIS = 10_000;

interface Waiting {
  readonly size: number;
  readonly start: () => void;
  readonly timer: NodeJS.Timeout;
}

export interface RunningRequestsOptions {
  /** The share of the time since the last call in which the event loop was busy, 0 to 1. Default: that of Node. */
  readonly busyShare?: () => number;
  /** Milliseconds. Default: those of `performance.now()`. */
  readonly now?: () => number;
  /** The lowest limit. Default: 24. */
  readonly min?: number;
  /** The highest limit. Default: 512. */
  readonly max?: number;
  /** While requests wait, the limit is looked at so often. Default: 50. */
  readonly lookMillis?: number;
}

/**
 * Limits how many requests run at the same time, so that those which run are answered whole and in time. Without a limit, an overload
 * lets each request take longer than its sources may: all are answered in part, and none whole.
 *
 * The limit is low where a request costs processor time, and high where requests wait for a distant or slow source: while some wait to
 * start, it doubles if the process has time to spare, and halves if sources are late.
 *
 * A request has a size: 1, or the people that it is about where it is people that are limited. One that is larger than the limit runs alone.
 */
export class RunningRequests {
  readonly #waiting: Waiting[] = [];
  readonly #busyShare: () => number;
  readonly #now: () => number;
  readonly #min: number;
  readonly #max: number;
  readonly #lookMillis: number;
  #limit: number;
  #running = 0;
  #ended = 0;
  #late = 0;
  #lateAt = -Infinity;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: RunningRequestsOptions = {}) {
    const {
      busyShare = busyShareOfNode(),
      now = () => performance.now(),
      min = RUNNING_MIN,
      max = RUNNING_MAX,
      lookMillis = 50,
    } = options;
    this.#busyShare = busyShare;
    this.#now = now;
    this.#min = min;
    this.#max = max;
    this.#lookMillis = lookMillis;
    this.#limit = min;
  }

  /** The sizes of the running requests together. */
  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Starts a request, which calls `end` later. @returns false when it has to wait */
  tryStart(size = 1): boolean {
    if (this.#waiting.length > 0 || !this.#hasRoomFor(size)) return false;
    this.#running += size;
    return true;
  }

  /** Ends a request that was started with this size. */
  end({ wasLate, size = 1 }: { wasLate: boolean; size?: number }): void {
    this.#running -= size;
    this.#ended++;
    if (wasLate) this.#late++;
    this.#startWaiting();
  }

  /**
   * Resolves when the request is started, in the order of arrival.
   *
   * @param onWaiting gets a function that takes the request out of those that wait
   * @throws PublicError RATE_LIMITED after 2 s, or when the request left
   */
  wait(onWaiting?: (leave: () => void) => void, size = 1): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const index = this.#waiting.indexOf(entry);
        if (index === -1) return;
        this.#waiting.splice(index, 1);
        clearTimeout(entry.timer);
        this.#startWaiting(); // those behind may be smaller
        reject(new PublicError('RATE_LIMITED', { detail: 'Too many requests run; try again later.' }));
      };
      const entry: Waiting = { size, start: resolve, timer: setTimeout(leave, WAIT_MILLIS).unref() };
      this.#waiting.push(entry);
      onWaiting?.(leave);
      if (this.#looking) return;
      // Only what happens from now on counts.
      this.#busyShare();
      this.#ended = 0;
      this.#late = 0;
      this.#looking = setInterval(() => this.look(), this.#lookMillis).unref();
    });
  }

  #hasRoomFor(size: number): boolean {
    return this.#running === 0 || this.#running + size <= this.#limit;
  }

  #startWaiting(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoomFor(next.size); next = this.#waiting[0]) {
      this.#waiting.shift();
      clearTimeout(next.timer);
      this.#running += next.size;
      next.start();
    }
  }

  /** Fits the limit to what happened since the last look. Called by a timer while requests wait. */
  look(): void {
    const now = this.#now();
    const isBusy = 1 - this.#busyShare() < SPARE_MIN;
    const areLate = this.#late >= LATE_MIN && this.#late > LATE_MAX * this.#ended;
    if (areLate) this.#lateAt = now;
    this.#ended = 0;
    this.#late = 0;
    if (areLate) this.#limit = Math.max(this.#min, Math.floor(this.#limit / 2));
    else if (isBusy) this.#limit = Math.max(this.#min, Math.floor(this.#limit * BUSY_FACTOR));
    else
      this.#limit = Math.min(
        this.#max,
        now - this.#lateAt < CAREFUL_MILLIS ? this.#limit + Math.ceil(this.#min / RUNNING_MIN) : this.#limit * 2,
      );
    this.#startWaiting();
    if (this.#waiting.length > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#limit = Math.max(this.#min, this.#running); // what comes next may be of another kind
  }
}

function busyShareOfNode(): () => number {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  return () => {
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, last);
    last = current;
    return utilization;
  };
}
