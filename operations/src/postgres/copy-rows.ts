import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A value of a column. An array becomes a text[] and may hold only words of a-z and 0-9, as `wordsOf` returns them. */
export type CopyValue = string | number | boolean | null | readonly string[];

const SPECIAL = /[\\\t\n\r]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Writes one value in the text format of COPY. */
export function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'string')
    return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (c) => escapes[c] as string) : value;
  if (typeof value === 'object') return `{${value.join(',')}}`;
  return typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
}

export interface CopyTarget {
  readonly table: string;
  readonly columns: readonly string[];
  /** Allowed if this transaction created or emptied the table: its rows are written frozen. */
  readonly freeze?: boolean;
}

/** @param lines UTF-8 in COPY's text format, each ending in a line feed */
export async function copyLines(
  client: Client,
  { table, columns, freeze = false }: CopyTarget,
  lines: Buffer,
): Promise<void> {
  const sql = `COPY ${table} (${columns.join(', ')}) FROM STDIN WITH (FREEZE ${freeze})`;
  await pipeline(Readable.from([lines]), client.query(copyFrom(sql)));
}
