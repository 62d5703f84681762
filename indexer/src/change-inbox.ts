import type { Change, ChangePage } from './change-source.ts';
import type { Lsn } from './lsn.ts';

const CHANGES_MAX = 5_000;

/** Between the stream of changes, which comes when it likes, and whoever takes them in pages. */
export interface ChangeInbox {
  /** Resolves when there is room for more: the stream waits for it. */
  add(change: Change): Promise<void>;
  /** All changes of every transaction that ended before are in. */
  reach(lsn: Lsn): void;
  /** All that was committed before this instant is in. */
  upToDate(emDia: Date): void;
  fail(error: unknown): void;
  /** From now on nothing waits, and what is added is dropped. */
  close(): void;
  /** Resolves when there is something to take, with undefined once closed. @throws what `fail` was given */
  take(): Promise<ChangePage | undefined>;
}

export function changeInbox(from: Lsn): ChangeInbox {
  let changes: Change[] = [];
  let reached = from;
  let given = from;
  let emDia: Date | undefined;
  let failure: { readonly error: unknown } | undefined;
  let isClosed = false;
  let arrival = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();
  const arrived = (): void => arrival.resolve();
  return {
    async add(change) {
      if (isClosed) return;
      changes.push(change);
      if (changes.length < CHANGES_MAX) return;
      arrived();
      await room.promise;
    },
    reach(lsn) {
      if (lsn <= reached) return;
      reached = lsn;
      arrived();
    },
    upToDate(instant) {
      emDia = instant;
      arrived();
    },
    fail(error) {
      failure ??= { error };
      arrived();
    },
    close() {
      isClosed = true;
      changes = [];
      arrived();
      room.resolve();
    },
    async take() {
      for (;;) {
        if (failure) throw failure.error;
        if (isClosed) return undefined;
        if (changes.length >= CHANGES_MAX || reached > given || emDia) break;
        await arrival.promise;
        arrival = Promise.withResolvers();
      }
      // Of a transaction that is still coming in, some changes may be among them; the position is before it.
      const page = { changes, posicao: String(reached), emDia };
      changes = [];
      given = reached;
      emDia = undefined;
      room.resolve();
      room = Promise.withResolvers();
      return page;
    },
  };
}
