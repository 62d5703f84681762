import type { Cpf } from '@pessoa/domain/cpf';
import { LRUCache } from 'lru-cache';
import { WINDOW_SECONDS } from './quotas.ts';

export const enumerationSigns = ['desconhecidos', 'consecutivos', 'invalidos'] as const;

/**
 * What shows that a client tries out CPFs: CPFs that no base knows, CPFs whose first nine digits follow one another, and
 * requests with an invalid CPF.
 */
export type EnumerationSign = (typeof enumerationSigns)[number];

export type EnumerationCounts = Readonly<Record<EnumerationSign, number>>;

/** Notices clients that try out CPFs, in this process. */
export interface EnumerationWatch {
  /** @param interactionId of the request, for the warning */
  noteAsked(clientId: string, interactionId: string, cpfs: readonly Cpf[]): void;
  noteUnknown(clientId: string, interactionId: string, count: number): void;
  noteInvalid(clientId: string, interactionId: string): void;
}

interface Window {
  readonly endsAt: number;
  readonly counts: Record<EnumerationSign, number>;
  /** The first nine digits of the CPFs that the client asked for. They stay in the memory of the process. */
  readonly asked: Set<number>;
  hasWarned: boolean;
}

const CLIENTS_MAX = 1_000;
const ASKED_MAX = 10_000;

const newWindow = (): Window => ({
  endsAt: performance.now() + WINDOW_SECONDS * 1_000,
  counts: { desconhecidos: 0, consecutivos: 0, invalidos: 0 },
  asked: new Set(),
  hasWarned: false,
});

/**
 * @param threshold the count of one sign in a window of 60 s that is noticed; undefined notices nothing
 * @param onNotice called at most once for a client and window
 */
export function enumerationWatch(
  threshold: number | undefined,
  onNotice: (clientId: string, interactionId: string, sign: EnumerationSign, counts: EnumerationCounts) => void,
): EnumerationWatch {
  const windows = new LRUCache<string, Window>({ max: CLIENTS_MAX });

  function currentWindow(clientId: string): Window {
    let window = windows.get(clientId);
    if (!window || window.endsAt <= performance.now()) windows.set(clientId, (window = newWindow()));
    return window;
  }

  function note(clientId: string, interactionId: string, sign: EnumerationSign, count: number): void {
    if (threshold === undefined || count === 0) return;
    const window = currentWindow(clientId);
    window.counts[sign] += count;
    if (window.hasWarned || window.counts[sign] < threshold) return;
    window.hasWarned = true;
    onNotice(clientId, interactionId, sign, { ...window.counts });
  }

  return {
    noteAsked(clientId, interactionId, cpfs) {
      if (threshold === undefined || cpfs.length === 0) return;
      const { asked } = currentWindow(clientId);
      let consecutive = 0;
      for (const cpf of cpfs) {
        const base = Number(cpf.slice(0, 9));
        if (asked.has(base) || asked.size >= ASKED_MAX) continue;
        if (asked.has(base - 1) || asked.has(base + 1)) consecutive++;
        asked.add(base);
      }
      note(clientId, interactionId, 'consecutivos', consecutive);
    },
    noteUnknown: (clientId, interactionId, count) => note(clientId, interactionId, 'desconhecidos', count),
    noteInvalid: (clientId, interactionId) => note(clientId, interactionId, 'invalidos', 1),
  };
}
