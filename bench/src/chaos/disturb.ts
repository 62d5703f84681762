import type { DisturbablePart } from './chaos-system.ts';
import type { Fault } from './parts.ts';

/** Longer than a search, a lookup in the cache and a statement of Base C may take; shorter than those of Bases A and B. */
export const DELAY_MILLIS = 200;

export interface Disturbance {
  /** Resolves when the part is disturbed. A restart is then over but for the start. */
  begin(): Promise<void>;
  /** Ends what disturbs the part, or starts it again. */
  end(): Promise<void>;
}

export function disturbanceOf(part: DisturbablePart, fault: Fault): Disturbance {
  const { relay } = part;
  const now = (work: (() => void) | undefined) => async (): Promise<void> => work?.();
  switch (fault) {
    case 'stop':
      return { begin: part.kill, end: part.start };
    case 'restart':
      return { begin: part.end, end: part.start };
    case 'pause':
      return { begin: now(part.pause), end: now(part.resume) };
    case 'slow':
      return { begin: now(() => relay?.slow(DELAY_MILLIS)), end: now(() => relay?.slow(0)) };
    case 'garble':
      return { begin: now(() => relay?.garble(true)), end: now(() => relay?.garble(false)) };
  }
}
