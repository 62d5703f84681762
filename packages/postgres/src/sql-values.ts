/**
 * SQL for values whose text depends on session settings (TimeZone, DateStyle). A pooler between us and PostgreSQL may share a
 * connection among clients, so we cannot rely on settings: the statement itself fixes the format. Never select an instant, a day, an
 * interval, a floating-point number or bytes directly.
 */

/** A day as `YYYY-MM-DD`, with ` BC` before our era; `infinity` and `-infinity` stay. @param day SQL of type date */
export const dayText = (day: string): string =>
  `CASE WHEN ${day} >= date '0001-01-01' AND isfinite(${day}) THEN to_char(${day}, 'YYYY-MM-DD')
        WHEN isfinite(${day}) THEN to_char(${day}, 'YYYY-MM-DD BC') ELSE ${day}::text END`;

/** An instant as seconds since 1970, with their fraction; `readEpoch` reads it. @param instant SQL of type timestamptz */
export const instantText = (instant: string): string => `extract(epoch FROM ${instant})::text`;

/** @returns null for null; an invalid Date for an infinity, or for an instant outside the range of Date */
export function readEpoch(text: string): Date;
export function readEpoch(text: string | null): Date | null;
export function readEpoch(text: string | null): Date | null {
  return text === null ? null : new Date(Math.round(Number(text) * 1_000));
}
