import type { Change, ChangePage } from './change-source.ts';
import type { Lsn } from './lsn.ts';

const CHANGES_MAX = 5_000;

/** Buffers up to 5,000 changes of a stream, and gives them out in pages. */
export interface ChangeInbox {
  /** Resolves when there is room for another change. The stream waits for that. */
  add(change: Change): Promise<void>;
  /** Notes that all changes of transactions that ended before `lsn` were added. */
  reach(lsn: Lsn): void;
  /** Notes that all changes committed before this instant were added. */
  upToDate(upToDateAt: Date): void;
  fail(error: unknown): void;
  /** Ends every wait. Changes added later are dropped. */
  close(): void;
  /** Resolves with the next page, or with undefined once the inbox is closed. @throws the error passed to `fail` */
  take(): Promise<ChangePage | undefined>;
}

export function changeInbox(from: Lsn): ChangeInbox {
  let changes: Change[] = [];
  let reached = from;
  let delivered = from;
  let upToDateAt: Date | undefined;
  let failure: { readonly error: unknown } | undefined;
  let isClosed = false;
  let arrival = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();
  const signalArrival = (): void => arrival.resolve();
  return {
    async add(change) {
      if (isClosed) return;
      changes.push(change);
      if (changes.length < CHANGES_MAX) return;
      signalArrival();
      await room.promise;
    },
    reach(lsn) {
      if (lsn <= reached) return;
      reached = lsn;
      signalArrival();
    },
    upToDate(instant) {
      upToDateAt = instant;
      signalArrival();
    },
    fail(error) {
      failure ??= { error };
      signalArrival();
    },
    close() {
      isClosed = true;
      changes = [];
      signalArrival();
      room.resolve();
    },
    async take() {
      for (;;) {
        if (failure) throw failure.error;
        if (isClosed) return undefined;
        if (changes.length >= CHANGES_MAX || reached > delivered || upToDateAt) break;
        await arrival.promise;
        arrival = Promise.withResolvers();
      }
      // The page may hold changes of a transaction that is not complete. The position is before that transaction.
      const page = { changes, position: String(reached), upToDateAt };
      changes = [];
      delivered = reached;
      upToDateAt = undefined;
      room.resolve();
      room = Promise.withResolvers();
      return page;
    },
  };
}
