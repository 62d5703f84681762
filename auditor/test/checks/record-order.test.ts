import { createOrderCheck } from '../../src/checks/record-order.ts';
import type { AuditRecord } from '../../src/records/audit-record.ts';

describe('The order of records by their times', () => {
  const NOW = new Date('2026-11-30T12:00:00Z');
  const recordAt = (id: string, time: string): AuditRecord => ({ id, dataHora: `2026-11-30T${time}Z` }) as AuditRecord;

  it('may be wrong by a minute: times are of several clocks', () => {
    const check = createOrderCheck(new Date('2026-11-30T11:59:00Z'), NOW);
    expect(check([recordAt('late', '11:58:00'), recordAt('early', '12:01:00')], NOW)).toEqual([]);
  });

  it.each([
    ['that is earlier than one before it', '11:58:29'],
    ['that is still to come', '12:01:01'],
  ])('finds a record %s', (_case, time) => {
    const check = createOrderCheck(undefined, NOW);
    const records = [recordAt('before', '11:59:30'), recordAt('out', time), recordAt('after', '11:59:31')];
    expect(check(records, NOW)).toEqual([{ kind: 'misdated', at: 'out' }]);
  });

  it('goes on from the records that have a place, and does not believe a time to come among them', () => {
    const back = createOrderCheck(new Date('2026-11-30T11:59:00Z'), NOW);
    expect(back([recordAt('back', '11:57:59')], NOW)).toEqual([{ kind: 'misdated', at: 'back' }]);
    const future = createOrderCheck(new Date('2027-11-30T12:00:00Z'), NOW);
    expect(future([recordAt('true', '11:59:30')], NOW)).toEqual([]);
  });
});
