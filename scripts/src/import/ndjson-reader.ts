import { checkedRest, isReadable } from './file-record.ts';
import type { Column } from './columns.ts';
import type { FileRecord, RecordReader } from './file-record.ts';

/** The text of a JSON value as a CSV would have it; undefined for what has none: objects, lists, fractions. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.isWellFormed() && isReadable(value) ? value : undefined;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function parse(original: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(original);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** One JSON object a line, its keys the names of the columns. Amounts are texts: a JSON number may lose centavos. */
export function ndjsonReader(columns: readonly Column[]): RecordReader {
  const names = columns.map(({ name }) => name);
  const known = new Set(names);
  let rest = '';
  let line = 0;

  function recordOf(original: string): FileRecord {
    const malformed = { line, original, values: undefined };
    const object = isReadable(original) ? parse(original) : undefined;
    if (!object || !Object.keys(object).every((name) => known.has(name))) return malformed;
    const values: string[] = [];
    for (const name of names) {
      const text = textOf(object[name]);
      if (text === undefined) return { ...malformed, field: name };
      values.push(text);
    }
    return { line, original, values };
  }

  function read(text: string): FileRecord[] {
    const records: FileRecord[] = [];
    const lines = text.split('\n');
    rest = checkedRest(lines.pop() ?? '', line + lines.length + 1);
    for (const ended of lines) {
      line++;
      const original = (line === 1 ? ended.replace(/^\uFEFF/, '') : ended).replace(/\r$/, '');
      if (original.trim() !== '') records.push(recordOf(original));
    }
    return records;
  }

  return { push: (text) => read(rest + text), end: () => read(`${rest}\n`) };
}
