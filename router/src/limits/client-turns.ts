import { PublicError } from '@pessoa/domain/errors';
import type { RequestTurn } from '@pessoa/service/http/request-facts';

/** The most requests of one client that wait. */
const WAITING_MAX = 64;
/** The most time that a request waits. */
const WAIT_MILLIS = 2_000;
/** A client uses at most this share of the process while others send requests. */
const SHARE = 1 / 25;
/** What a client may use at once of its share, in milliseconds of pause. */
const BURST_MILLIS = 1_000;
/** The longest pause. */
const PAUSE_MAX_MILLIS = 10_000;
/** What a known operation takes of the processor. It makes no pause. */
const NEGLIGIBLE_MILLIS = 2;
/** How long a client counts as sending requests after its last one. */
const ACTIVE_MILLIS = 1_000;

interface Waiting {
  readonly start: (turn: RequestTurn) => void;
  readonly refuse: (error: PublicError) => void;
  readonly timer: NodeJS.Timeout;
}

interface ClientState {
  isInTurn: boolean;
  /** The end of the client's pause, of `performance.now()`. */
  pausedUntil: number;
  readonly waiting: Waiting[];
  wakeUp?: NodeJS.Timeout;
}

export interface TurnOptions {
  /** Points of cost that a client has in a minute; undefined: cost makes no pause. */
  readonly costPerMinute: number | undefined;
  /** Called for each refusal. */
  readonly onRefusal?: () => void;
}

/**
 * Shares the time of the process between clients.
 *
 * A request is checked, validated and planned in its client's turn, and a client has one turn at a time. The turn ends when the
 * request only waits for subgraphs. What a new document took of the processor, and what an operation costs, pauses the client:
 * other clients find the process free for 24/25 of the time. A client that is alone never pauses.
 */
export class ClientTurns {
  readonly #clients = new Map<string, ClientState>();
  readonly #options: TurnOptions;
  /** The last two clients that sent a request, and when. */
  #last = { client: '', at: -Infinity };
  #previous = { client: '', at: -Infinity };

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** The requests that wait. */
  get waiting(): number {
    return this.#clients.values().reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** Resolves when it is the request's turn. @throws PublicError RATE_LIMITED when that takes too long */
  enter(client: string): Promise<RequestTurn> {
    this.#noteActive(client);
    const state = this.#stateOf(client);
    if (state.waiting.length >= WAITING_MAX) return Promise.reject(this.#refusal());
    const { promise, resolve, reject } = Promise.withResolvers<RequestTurn>();
    const entry: Waiting = {
      start: resolve,
      refuse: reject,
      timer: setTimeout(() => this.#giveUp(client, state, entry), WAIT_MILLIS).unref(),
    };
    state.waiting.push(entry);
    this.#startNext(client, state);
    return promise;
  }

  #startNext(client: string, state: ClientState): void {
    if (state.isInTurn) return;
    const [next] = state.waiting;
    const now = performance.now();
    if (!next && state.pausedUntil <= now) {
      this.#clients.delete(client);
      return;
    }
    const pause = this.#hasOthers(client) ? state.pausedUntil - BURST_MILLIS - now : 0;
    if (!next || pause > 0) {
      // Looks again every second, because the others may stop.
      clearTimeout(state.wakeUp);
      state.wakeUp = setTimeout(
        () => this.#startNext(client, state),
        next ? Math.min(pause, ACTIVE_MILLIS) : ACTIVE_MILLIS,
      ).unref();
      return;
    }
    state.waiting.shift();
    clearTimeout(next.timer);
    state.isInTurn = true;
    next.start(this.#turnOf(client, state));
  }

  #turnOf(client: string, state: ClientState): RequestTurn {
    let hasEnded = false;
    let processorMillis = 0;
    let points = 0;
    let planningAt: number | undefined;
    const useProcessor = (millis: number): void => {
      if (millis > NEGLIGIBLE_MILLIS) processorMillis += millis;
    };
    return {
      useProcessor,
      useCost: (cost) => void (points += cost),
      beginPlanning: () => void (planningAt = performance.now()),
      end: () => {
        if (hasEnded) return;
        hasEnded = true;
        if (planningAt !== undefined) useProcessor(performance.now() - planningAt);
        state.isInTurn = false;
        this.#pause(client, state, processorMillis, points);
        this.#startNext(client, state);
      },
    };
  }

  #pause(client: string, state: ClientState, processorMillis: number, points: number): void {
    if (!this.#hasOthers(client)) return;
    const { costPerMinute } = this.#options;
    const pauseOfCost = costPerMinute === undefined ? 0 : (points / costPerMinute) * 60_000;
    const now = performance.now();
    const pausedUntil = Math.max(now, state.pausedUntil) + Math.max(pauseOfCost, processorMillis / SHARE);
    state.pausedUntil = Math.min(pausedUntil, now + PAUSE_MAX_MILLIS);
  }

  #giveUp(client: string, state: ClientState, entry: Waiting): void {
    const index = state.waiting.indexOf(entry);
    if (index !== -1) state.waiting.splice(index, 1);
    entry.refuse(this.#refusal());
    this.#startNext(client, state);
  }

  /** Seconds until the pause of a client ends, at least 1. */
  pauseSeconds(client: string): number {
    const { pausedUntil = 0 } = this.#clients.get(client) ?? {};
    return Math.max(1, Math.ceil((pausedUntil - performance.now()) / 1_000));
  }

  #refusal(): PublicError {
    this.#options.onRefusal?.();
    return new PublicError('RATE_LIMITED', { detail: 'Too many requests of your client wait for their turn.' });
  }

  #stateOf(client: string): ClientState {
    let state = this.#clients.get(client);
    if (!state) this.#clients.set(client, (state = { isInTurn: false, pausedUntil: 0, waiting: [] }));
    return state;
  }

  #noteActive(client: string): void {
    if (this.#last.client !== client) this.#previous = this.#last;
    this.#last = { client, at: performance.now() };
  }

  #hasOthers(client: string): boolean {
    const { at } = this.#last.client === client ? this.#previous : this.#last;
    return performance.now() - at < ACTIVE_MILLIS;
  }
}
