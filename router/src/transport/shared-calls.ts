import type { CallObserver } from './call-metrics.ts';
import type { Transport, TransportRequest } from './transport.ts';
import type { WireAnswer } from './wire.ts';

interface RunningCall {
  readonly answer: Promise<WireAnswer>;
  /** In milliseconds of `performance.now()`. */
  readonly endsAt: number;
}

/** The least time that a call under way still has, as a part of the time that one more call would have. */
const TIME_LEFT_MIN = 0.5;

/**
 * Lets equal reads of one caller share a call while it is under way: the same token, purpose, query and variables. Nothing is kept
 * after its answer. A read does not share a call that will soon be out of time, or that may end later than the read.
 *
 * @param timeoutMillis the most time of a call of `transport`
 * @param observer counts the reads that share a call; default: nobody does
 */
export function shareCalls(
  transport: Transport,
  timeoutMillis: number,
  observer?: Pick<CallObserver, 'shared'>,
): Transport {
  const running = new Map<string, RunningCall>();

  function send(request: TransportRequest): Promise<WireAnswer> {
    if (!request.isRepeatable) return transport.send(request);
    const key = keyOf(request);
    const now = performance.now();
    const endsAt = Math.min(now + timeoutMillis, request.endsAt ?? Infinity);
    const shared = running.get(key);
    const timeLeft = endsAt - now;
    if (shared && shared.endsAt <= endsAt && shared.endsAt - now >= TIME_LEFT_MIN * timeLeft) {
      observer?.shared();
      return shared.answer;
    }
    const call: RunningCall = {
      endsAt,
      answer: transport.send(request).finally(() => {
        if (running.get(key) === call) running.delete(key);
      }),
    };
    running.set(key, call);
    return call.answer;
  }

  return { ...transport, send };
}

/** The interaction is left out: it is no part of the answer. */
const keyOf = ({ headers, body }: TransportRequest): string =>
  `${headers['authorization'] ?? ''}\n${headers['x-finalidade'] ?? ''}\n${body}`;
