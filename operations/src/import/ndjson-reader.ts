import type { Column } from './columns.ts';
import { checkedRest, isReadable } from './file-record.ts';
import type { FileRecord, RecordReader } from './file-record.ts';

/** The text of a JSON value as a CSV writes it; undefined for objects, lists and fractions. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.isWellFormed() && isReadable(value) ? value : undefined;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

/** A string, with its colon if it is a key, or a number. Only for valid JSON. */
const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;

/** A key that an object has twice. The record is malformed then: only one of the values can be right. */
function repeatedKey(tokens: readonly RegExpExecArray[]): string | undefined {
  const keys = new Set<string>();
  for (const [token, colon] of tokens) {
    if (colon === undefined) continue;
    const key = JSON.parse(token.slice(0, token.length - colon.length)) as string;
    if (keys.has(key)) return key;
    keys.add(key);
  }
  return undefined;
}

/** A reviver that makes NaN of a number with a fraction or an exponent: parsed, it may have other digits than the file. */
const withPlainNumbers = (_key: string, value: unknown, { source }: { source?: string } = {}): unknown =>
  typeof value === 'number' && !/^-?\d+(?:\.0+)?$/.test(source ?? '') ? Number.NaN : value;

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

/** Reads one JSON object a line, with the names of the columns as keys. Amounts are strings: a JSON number may lose centavos. */
export function ndjsonReader(columns: readonly Column[]): RecordReader {
  const names = columns.map(({ name }) => name);
  const columnNames = new Set(names);
  let rest = '';
  let line = 0;

  function recordOf(original: string): FileRecord {
    const malformed = { line, original, values: undefined };
    let object = isReadable(original) ? parse(original) : undefined;
    if (!object || !Object.keys(object).every((name) => columnNames.has(name))) return malformed;
    const tokens = [...original.matchAll(TOKENS)];
    if (tokens.some(([token]) => !token.startsWith('"') && /[.eE]/.test(token)))
      object = JSON.parse(original, withPlainNumbers) as Record<string, unknown>;
    const values: string[] = [];
    for (const name of names) {
      const text = textOf(object[name]);
      if (text === undefined) return { ...malformed, field: name };
      values.push(text);
    }
    const keys = tokens.filter(([, colon]) => colon !== undefined).length;
    const repeated = keys === Object.keys(object).length ? undefined : repeatedKey(tokens);
    return repeated === undefined ? { line, original, values } : { ...malformed, field: repeated };
  }

  function read(text: string): FileRecord[] {
    const records: FileRecord[] = [];
    const lines = text.split('\n');
    rest = checkedRest(lines.pop() ?? '', line + lines.length + 1);
    for (const lineText of lines) {
      line++;
      const original = (line === 1 ? lineText.replace(/^\uFEFF/, '') : lineText).replace(/\r$/, '');
      if (original.trim() !== '') records.push(recordOf(original));
    }
    return records;
  }

  return { push: (text) => read(rest + text), end: () => read(`${rest}\n`) };
}
