import { Agent } from 'undici';

export interface SteadyLoad<Outcome> {
  readonly outcomes: readonly Outcome[];
  /** Sends no more requests. Resolves when all have an outcome. */
  stop(): Promise<void>;
}

/**
 * Sends requests at a steady rate without waiting for answers: a stall shows in every request of its time, not in one.
 *
 * @param perSecond requests a second
 * @param send sends the request of this number, and never rejects
 */
export function startSteadyLoad<Outcome>(
  perSecond: number,
  send: (number: number) => Promise<Outcome>,
): SteadyLoad<Outcome> {
  const outcomes: Outcome[] = [];
  const pendingRequests = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sentCount = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; sentCount < due; sentCount++) {
      const request: Promise<void> = send(sentCount)
        .then((outcome) => void outcomes.push(outcome))
        .finally(() => pendingRequests.delete(request));
      pendingRequests.add(request);
    }
  }, 10);
  return {
    outcomes,
    async stop() {
      clearInterval(timer);
      await Promise.all(pendingRequests);
    },
  };
}

const TIMEOUT_MILLIS = 10_000;

export interface AskedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** An answer to a request. Without an answer, the status is 0. */
export interface AskedAnswer {
  readonly status: number;
  readonly body: unknown;
  /** By `performance.now()`. */
  readonly sentAt: number;
  readonly millis: number;
}

/** Asks one service, as one client, over many connections. */
export class Asker {
  readonly #origin: string;
  readonly #token: string;
  readonly #dispatcher = new Agent({ connections: 512, headersTimeout: 0, bodyTimeout: 0 });

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /** Waits 10 s for the answer, at most. */
  async ask(request: AskedRequest): Promise<AskedAnswer> {
    const sentAt = performance.now();
    const answer = await this.#send(request).catch(() => ({ status: 0, body: undefined }));
    return { ...answer, sentAt, millis: performance.now() - sentAt };
  }

  async #send({ method, path, body: sentBody }: AskedRequest): Promise<Pick<AskedAnswer, 'status' | 'body'>> {
    const { statusCode, body } = await this.#dispatcher.request({
      origin: this.#origin,
      path,
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: sentBody ?? null,
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    return { status: statusCode, body: await body.json() };
  }

  close = (): Promise<void> => this.#dispatcher.destroy();
}
