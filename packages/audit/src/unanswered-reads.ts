import { type Clock, systemClock } from '@pessoa/domain/data';
import type { Acesso, AuditLog } from './audit-log.ts';
import { isFaultOfRow } from './fault-of-row.ts';
import { LATE_MILLIS } from './late-records.ts';

export interface UnansweredReadsOptions {
  /** Called with the number of rows that are given up: too many or too old, or the process ends. */
  readonly onLost: (rows: number) => void;
  readonly clock?: Clock;
  /** The time between two tries, in milliseconds. Default: 1,000. */
  readonly retryMillis?: number;
  /** The most rows that wait, of some 500 bytes each. Default: 20,000. */
  readonly rowsMax?: number;
}

/** The most rows that are stored at once: as many as a statement writes. */
const ROWS_AT_ONCE = 1_000;
/** What is left is time for the commit. */
const AGE_MAX_MILLIS = LATE_MILLIS - 15_000;

/**
 * An audit log that keeps the reads whose answers were withheld because it could not be written: a base was read for them all the
 * same. It stores them as FALHA, with their own instants, when the database answers again within 45 s. `record` still rejects.
 *
 * A row that was stored although its answer came too late stays as it is: it has the same id.
 */
export function keepUnansweredReads(log: AuditLog, options: UnansweredReadsOptions): AuditLog {
  const { onLost, clock = systemClock, retryMillis = 1_000, rowsMax = 20_000 } = options;
  /** In the order in which they came. What is being stored stays at its beginning until it is. */
  let waiting: Acesso[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<boolean> | undefined;

  function giveUp(rows: number): void {
    if (rows > 0) onLost(rows);
  }

  function keep(acessos: readonly Acesso[]): void {
    const room = Math.max(rowsMax - waiting.length, 0);
    giveUp(acessos.length - room);
    waiting.push(...acessos.slice(0, room).map(asUnanswered));
    if (waiting.length > 0) storeSoon();
  }

  function storeSoon(): void {
    if (storing) return; // it also takes what was added meanwhile
    timer ??= setTimeout(() => void storeAll(), retryMillis).unref();
  }

  async function storeAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    storing ??= storeWaiting();
    const isDone = await storing;
    storing = undefined;
    if (!isDone) storeSoon();
  }

  function giveUpOld(): void {
    const oldest = clock.now().getTime() - AGE_MAX_MILLIS;
    const fresh = waiting.filter(({ dataHora }) => dataHora.getTime() > oldest);
    giveUp(waiting.length - fresh.length);
    waiting = fresh;
  }

  /**
   * Stores fewer rows at once after a fault of a row, down to the one at fault, and then more again.
   *
   * @returns false when the database does not answer yet
   */
  async function storeWaiting(): Promise<boolean> {
    let size = ROWS_AT_ONCE;
    for (;;) {
      giveUpOld(); // each time: what was stored before may have taken long
      if (waiting.length === 0) return true;
      const rows = waiting.slice(0, size);
      try {
        await log.record(rows);
      } catch (error) {
        if (!isFaultOfRow(error)) return false;
        if (rows.length > 1) {
          size = Math.ceil(rows.length / 2);
          continue;
        }
        giveUp(1);
      }
      waiting.splice(0, rows.length);
      size = Math.min(size * 2, ROWS_AT_ONCE);
    }
  }

  return {
    ...log,
    async record(acessos) {
      try {
        await log.record(acessos);
      } catch (error) {
        if (!isFaultOfRow(error)) keep(acessos);
        throw error;
      }
    },
    async close() {
      await storing;
      await storeAll();
      clearTimeout(timer);
      giveUp(waiting.length);
      await log.close();
    },
  };
}

/** Who was refused was not read. */
const asUnanswered = (acesso: Acesso): Acesso =>
  acesso.resultado === 'NEGADO' ? acesso : { ...acesso, campos: [], resultado: 'FALHA' };
