import { LATE_MILLIS } from '@pessoa/audit/late-records';
import type { AuditRecord } from '../records/audit-record.ts';
import type { RecordFault } from './record-check.ts';

/** Finds records whose time is earlier than that of records committed before them, or is still to come. */
export type OrderCheck = (records: readonly AuditRecord[], now: Date) => RecordFault[];

/**
 * @param latest the latest time of the records that have a place; default: none has
 * @param now a record of a time to come must not make the true ones after it look late
 */
export function createOrderCheck(latest: Date | undefined, now: Date): OrderCheck {
  let latestMillis = Math.min(latest?.getTime() ?? Number.NEGATIVE_INFINITY, now.getTime());
  return (records, at) =>
    records.flatMap(({ id, dataHora }): RecordFault[] => {
      const millis = Date.parse(dataHora);
      const isOut = millis < latestMillis - LATE_MILLIS || millis > at.getTime() + LATE_MILLIS;
      if (!isOut) latestMillis = Math.max(latestMillis, Math.min(millis, at.getTime()));
      return isOut ? [{ kind: 'misdated', at: id }] : [];
    });
}
