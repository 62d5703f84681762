import { addDays, type Data, dayInSaoPaulo, readData, startOfDayInSaoPaulo, utcDayOf } from '@pessoa/domain/data';
import { UsageError } from '@pessoa/service/processes/command-line';

/** The instants from `from`, inclusive, to `until`, exclusive. */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

const DEFAULT_MONTHS = 6;
const FIRST_YEAR = 2000;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * The period of a question. A day is one of São Paulo, and the last day counts whole. An instant at the end does not count.
 *
 * @param from default: six months before the end
 * @param to default: now
 * @param now what is written from now on is in no period: else a question would find its own records
 * @throws UsageError
 */
export function readPeriod(from: string | undefined, to: string | undefined, now: Date, option = '--from'): Period {
  const end = to === undefined ? now : endOf(to, option === '--from' ? '--to' : option);
  const until = end < now ? end : now;
  const start = from === undefined ? monthsBefore(dayInSaoPaulo(new Date(until.getTime() - 1))) : startOf(from, option);
  if (start >= until) throw new UsageError(`${option} begins neither before its end nor before now`);
  return { from: start, until };
}

/** Both ends, each absent where it is not named. @throws UsageError */
export function readBounds(from: string | undefined, to: string | undefined): Partial<Period> {
  const period = {
    ...(from !== undefined && { from: startOf(from, '--from') }),
    ...(to !== undefined && { until: endOf(to, '--to') }),
  };
  if (period.from && period.until && period.from >= period.until)
    throw new UsageError('--from begins not before its end');
  return period;
}

/** @param text `FROM..TO` @throws UsageError */
export function readIncident(text: string, now: Date): Period {
  const [from, to, ...more] = text.split('..');
  if (!from || !to || more.length > 0) throw new UsageError('--incident is FROM..TO');
  return readPeriod(from, to, now, '--incident');
}

function startOf(text: string, option: string): Date {
  const day = readDay(text);
  return day ? startOfDayInSaoPaulo(day) : readInstant(text, option);
}

function endOf(text: string, option: string): Date {
  const day = readDay(text);
  return day ? startOfDayInSaoPaulo(addDays(day, 1)) : readInstant(text, option);
}

function readDay(text: string): Data | undefined {
  const day = readData(text);
  return day && Number(day.slice(0, 4)) >= FIRST_YEAR ? day : undefined;
}

function readInstant(text: string, option: string): Date {
  const instant = new Date(text);
  if (!readDay(INSTANT.exec(text)?.[1] ?? '') || Number.isNaN(instant.getTime()))
    throw new UsageError(
      `${option}: a day is AAAA-MM-DD, an instant is 2026-11-30T12:00:00-03:00, from ${FIRST_YEAR} on`,
    );
  return instant;
}

/** The start of the same day some months before, or of the day after where that month does not have it. */
function monthsBefore(day: Data): Date {
  const month = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  month.setUTCMonth(month.getUTCMonth() - DEFAULT_MONTHS);
  const sameDay = readData(`${utcDayOf(month).slice(0, 7)}${day.slice(7)}`);
  month.setUTCMonth(month.getUTCMonth() + 1);
  return startOfDayInSaoPaulo(sameDay ?? utcDayOf(month));
}
