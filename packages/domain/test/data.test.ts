import fc from 'fast-check';
import {
  addDays,
  addYears,
  type Data,
  dayInSaoPaulo,
  utcDayOf,
  daysBetween,
  fixedClock,
  readData,
  startOfDayInSaoPaulo,
  systemClock,
  today,
  yearsBetween,
} from '../src/data.ts';

const day = (text: string): Data => readData(text)!;
const MILLIS_PER_DAY = 86_400_000;
const anyDay = fc.integer({ min: Date.parse('1900-01-01') / MILLIS_PER_DAY, max: Date.parse('2199-12-31') / MILLIS_PER_DAY })
  .map((days) => utcDayOf(new Date(days * MILLIS_PER_DAY))); // prettier-ignore

describe('A day', () => {
  it.each(['2026-11-22', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '1900-01-01'])(
    'is accepted: %s',
    (text) => {
      expect(readData(text)).toBe(text);
    },
  );

  it.each([
    '2025-02-29',
    '1900-02-29',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '2026-04-31',
    '0000-01-01',
    '2026-1-1',
    '26-01-01',
    '22/11/2026',
    '20261122',
    '2026-11-22T00:00:00Z',
    ' 2026-11-22',
    '2026-11-22\n',
    '+002026-11-22',
    '-0001-01-01',
    '２026-11-22',
    '',
  ])('is refused unless it exists in the calendar, from year 1, in the form AAAA-MM-DD (%j)', (text) => {
    expect(readData(text)).toBe(undefined);
  });

  it('is accepted exactly when the calendar of JavaScript has it', () => {
    const part = (digits: number) => fc.integer({ min: 0, max: 10 ** digits - 1 }).map((number) => String(number).padStart(digits, '0')); // prettier-ignore
    const year = fc.oneof(part(4), fc.constantFrom('1600', '1900', '2000', '2023', '2024', '2100'));
    const month = fc.oneof(part(2), fc.constantFrom('01', '02', '04', '12'));
    const dayOfMonth = fc.oneof(part(2), fc.constantFrom('28', '29', '30', '31'));
    fc.assert(
      fc.property(year, month, dayOfMonth, (...parts) => {
        const text = parts.join('-');
        const midnight = new Date(`${text}T00:00:00Z`);
        const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
        expect(readData(text)).toBe(exists && !text.startsWith('0000') ? text : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([20261122, null, undefined, new Date('2026-11-22'), ['2026-11-22']])(
    'is read from a string and from no other type (case %#)',
    (value) => {
      expect(readData(value)).toBe(undefined);
    },
  );

  it('moved by some days is that many days away, and moves back', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -30_000, max: 30_000 }), (from, days) => {
        const to = addDays(from, days);
        expect(addDays(to, -days)).toBe(from);
        expect(daysBetween(from, to)).toBe(days);
        expect(readData(to)).toBe(to);
      }),
    );
  });

  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2025-02-28', 1, '2025-03-01'],
    ['2025-12-31', 1, '2026-01-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['9999-12-31', 1, '9999-12-31'],
    ['9999-12-01', 365, '9999-12-31'],
    ['0001-01-01', -1, '0001-01-01'],
  ])('%s moved by %i is %s', (from, days, to) => {
    expect(addDays(day(from), days)).toBe(to);
  });

  it.each([
    ['2026-11-22', -5, '2021-11-22'],
    ['2024-02-29', 1, '2025-03-01'],
    ['2020-02-29', 5, '2025-03-01'],
    ['2024-02-29', 4, '2028-02-29'],
    ['2024-02-29', -5, '2019-03-01'],
    ['0050-03-01', 1, '0051-03-01'],
    ['2100-02-28', 4, '2104-02-28'],
  ])('%s in %i years is %s', (from, years, to) => {
    expect(addYears(day(from), years)).toBe(to);
  });

  it('some years later has the same month and day, except for 29 February', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -99, max: 99 }), (from, years) => {
        const to = addYears(from, years);
        expect(Number(to.slice(0, 4)) - Number(from.slice(0, 4))).toBe(years);
        if (!from.endsWith('02-29')) expect(to.slice(5)).toBe(from.slice(5));
        expect(readData(to)).toBe(to);
      }),
    );
  });

  it.each([
    ['2000-11-22', '2026-11-21', 25],
    ['2000-11-22', '2026-11-22', 26],
    ['2000-02-29', '2001-02-28', 0],
    ['2000-02-29', '2001-03-01', 1],
    ['2000-02-29', '2004-02-29', 4],
    ['2026-11-22', '2026-11-22', 0],
  ])('of birth %s gives on %s an age of %i years', (birth, reference, years) => {
    expect(yearsBetween(day(birth), day(reference))).toBe(years);
  });
});

describe('In São Paulo', () => {
  it.each([
    ['2026-11-22T02:59:59.999Z', '2026-11-21'],
    ['2026-11-22T03:00:00Z', '2026-11-22'],
    ['2026-12-31T23:59:59Z', '2026-12-31'],
    ['2027-01-01T02:59:59Z', '2026-12-31'],
    // Summer time, until February 2019: UTC-2.
    ['2018-12-01T01:59:59Z', '2018-11-30'],
    ['2018-12-01T02:00:00Z', '2018-12-01'],
  ])('the instant %s is on the day %s', (instant, expected) => {
    expect(dayInSaoPaulo(new Date(instant))).toBe(expected);
    expect(today(fixedClock(instant))).toBe(expected);
  });

  it.each([
    ['2026-11-22', '2026-11-22T03:00:00.000Z', 'without summer time'],
    ['2018-12-01', '2018-12-01T02:00:00.000Z', 'in summer time'],
    ['2018-11-04', '2018-11-04T03:00:00.000Z', 'when summer time began: midnight did not exist'],
    ['2018-11-05', '2018-11-05T02:00:00.000Z', 'the day after summer time began'],
    ['2019-02-16', '2019-02-16T02:00:00.000Z', 'the day of 25 hours'],
    ['2019-02-17', '2019-02-17T03:00:00.000Z', 'the day after summer time ended'],
  ])('the day %s begins at %s (%s)', (text, instant) => {
    expect(startOfDayInSaoPaulo(day(text)).toISOString()).toBe(instant);
  });

  it('the start of every day since 1914 is its first instant', () => {
    for (let date = day('1914-01-02'); date < '2040-01-01'; date = addDays(date, 1)) {
      const start = startOfDayInSaoPaulo(date);
      const isInDay = dayInSaoPaulo(start) === date;
      const isFirst = dayInSaoPaulo(new Date(start.getTime() - 1)) === addDays(date, -1);
      if (!isInDay || !isFirst) throw new Error(`${date} must not begin at ${start.toISOString()}`);
    }
  });
});

describe('A clock', () => {
  it('that is fixed gives the same instant, even when a caller changes the Date that it got', () => {
    const clock = fixedClock('2026-11-22T15:00:00Z');
    clock.now().setFullYear(1970);
    expect(clock.now().toISOString()).toBe('2026-11-22T15:00:00.000Z');
  });

  it('of the system gives the current time', () => {
    expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000);
  });
});
