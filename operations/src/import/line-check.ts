import { copyField } from '../postgres/copy-rows.ts';
import type { ImportCode } from './codes.ts';
import type { FileRecord } from './file-record.ts';
import type { ImportKind } from './kinds/import-kind.ts';

/** A record that is not loaded, and why. */
export interface RefusedRecord {
  readonly record: FileRecord;
  readonly code: ImportCode;
  /** The column with the error; empty if the whole line is wrong. */
  readonly field: string;
}

export interface StagedRecord {
  readonly record: FileRecord;
  /** Its columns and the computed columns, in COPY's text format without a line end. */
  readonly copyText: string;
  /** True if an earlier line of the file has the same key and the same content. */
  readonly isRepeated: boolean;
}

export type CheckedRecord = RefusedRecord | StagedRecord;

const isBlank = (text: string): boolean => text === '' || (text.charCodeAt(0) <= 32 && text.trim() === '');

/** Copies a text: a slice of a larger text would keep the larger text in memory. */
const copyOf = (text: string): string => Buffer.from(text).toString();

/** A 53-bit hash: two different contents of one key have the same hash once in 10^16. */
function contentHash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}

/**
 * Checks the records of one file against the columns of its kind, and each key against the earlier keys. Takes about 150 bytes
 * of memory a record.
 */
export function lineChecker(kind: ImportKind): (record: FileRecord) => CheckedRecord {
  const { columns, computed } = kind;
  const keyAt = columns.findIndex(({ name }) => name === kind.key);
  const positions = new Map(columns.map(({ name }, position) => [name, position]));
  const contentHashes = new Map<string, number>();
  const texts: string[] = columns.map(() => '');
  const valueOf = (column: string): string => texts[positions.get(column) as number] as string;

  return (record) => {
    const { values } = record;
    if (!values) return { record, code: 'LINHA_MALFORMADA', field: record.field ?? '' };
    let copyText = '';
    for (let i = 0; i < columns.length; i++) {
      const { name, isRequired, read } = columns[i] as (typeof columns)[number];
      const text = values[i] as string;
      if (i > 0) copyText += '\t';
      if (isBlank(text)) {
        if (isRequired) return { record, code: 'CAMPO_OBRIGATORIO', field: name };
        texts[i] = '';
        copyText += '\\N';
        continue;
      }
      const reading = read(text);
      if (typeof reading !== 'string') return { record, code: reading.code, field: name };
      texts[i] = reading;
      copyText += copyField(reading);
    }
    for (const { compute } of computed) copyText += `\t${compute(valueOf)}`;

    const key = texts[keyAt] as string;
    const hash = contentHash(copyText);
    const earlierHash = contentHashes.get(key);
    if (earlierHash === undefined) contentHashes.set(copyOf(key), hash);
    else if (earlierHash !== hash) return { record, code: 'ID_REPETIDO', field: kind.key };
    return { record, copyText, isRepeated: earlierHash !== undefined };
  };
}
