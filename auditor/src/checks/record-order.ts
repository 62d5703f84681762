import type { AuditRecord } from '../records/audit-record.ts';
import type { RecordFault } from './record-check.ts';

/** Clocks of services differ, and answers that end together are committed together: records may be so much out of order. */
const TOLERANCE_MILLIS = 60_000;

/** Finds records whose time is earlier than that of records committed before them, or is still to come. */
export type OrderCheck = (records: readonly AuditRecord[], now: Date) => RecordFault[];

/** @param latest the latest time of the records that have a place; default: none has */
export function createOrderCheck(latest?: Date): OrderCheck {
  let latestMillis = latest?.getTime() ?? Number.NEGATIVE_INFINITY;
  return (records, now) =>
    records.flatMap(({ id, dataHora }): RecordFault[] => {
      const millis = Date.parse(dataHora);
      const isOut = millis < latestMillis - TOLERANCE_MILLIS || millis > now.getTime() + TOLERANCE_MILLIS;
      // A time to come must not make the true ones after it look late.
      if (!isOut) latestMillis = Math.max(latestMillis, millis);
      return isOut ? [{ kind: 'misdated', at: id }] : [];
    });
}
