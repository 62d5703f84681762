/**
 * How statements ask for values whose text would depend on the session (TimeZone, DateStyle). What stands between us and
 * PostgreSQL may be a pooler that hands a connection from one client to another, so no session can be set up: the
 * statement itself says the form. Never select an instant, a day, an interval, a floating-point number or bytes as such.
 */

/** A day as `AAAA-MM-DD`; with ` BC` before our era, and `infinity` or `-infinity` for PostgreSQL's own. @param day SQL of type date */
export const dayText = (day: string): string =>
  `CASE WHEN ${day} >= date '0001-01-01' AND isfinite(${day}) THEN to_char(${day}, 'YYYY-MM-DD')
        WHEN isfinite(${day}) THEN to_char(${day}, 'YYYY-MM-DD BC') ELSE ${day}::text END`;

/** An instant as seconds since 1970, with their fraction; `readInstant` reads it. @param instant SQL of type timestamptz */
export const instantText = (instant: string): string => `extract(epoch FROM ${instant})::text`;

/** @returns an invalid Date for PostgreSQL's infinities and for what is beyond the years of a Date; null for null */
export function readInstant(text: string): Date;
export function readInstant(text: string | null): Date | null;
export function readInstant(text: string | null): Date | null {
  return text === null ? null : new Date(Math.round(Number(text) * 1_000));
}
