/**
 * A position in PostgreSQL's log: the number of bytes before it. PostgreSQL writes it as two hexadecimal halves. Exact up to 9 PB
 * of log.
 */
export type Lsn = number;

const HALF = 2 ** 32;

export function parseLsn(text: string): Lsn {
  const [high, low] = text.split('/').map((half) => Number.parseInt(half, 16));
  if (high === undefined || low === undefined || Number.isNaN(high + low)) throw new TypeError('not an LSN');
  return high * HALF + low;
}

export const formatLsn = (lsn: Lsn): string =>
  `${Math.floor(lsn / HALF).toString(16).toUpperCase()}/${(lsn % HALF).toString(16).toUpperCase()}`; // prettier-ignore
