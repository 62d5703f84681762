/** The forms of an answer. */
export const formats = ['table', 'csv', 'ndjson'] as const;
export type Format = (typeof formats)[number];

export type Value = string | number | boolean | null | readonly string[];
export type Row = readonly Value[];

/** The text of the next rows. The first call also makes the heading, where the form has one. */
export type WriteRows = (rows: readonly Row[]) => string;

/** @param names of the columns */
export const writerOf = (format: Format, names: readonly string[]): WriteRows => writers[format](names);

const writers: Readonly<Record<Format, (names: readonly string[]) => WriteRows>> = {
  table: (names) => {
    let widths: readonly number[] | undefined;
    const lineOf = (cells: readonly string[]): string =>
      `${cells.map((cell, index) => cell.padEnd(widths![index]!)).join('  ').trimEnd()}\n`; // prettier-ignore
    return withHeading(names, (rows) => {
      const lines = rows.map((row) => row.map((value) => visible(textOf(value)) || '-'));
      widths ??= names.map((_, index) => widest(lines.map((cells) => cells[index]!)));
      return lines.map(lineOf).join('');
    });
  },
  csv: (names) => withHeading(names, (rows) => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')),
  ndjson: (names) => (rows) =>
    rows.map((row) => `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index]])))}\n`).join(''), // prettier-ignore
};

function withHeading(names: readonly string[], write: WriteRows): WriteRows {
  let isFirst = true;
  return (rows) => {
    const text = write(isFirst ? [names, ...rows] : rows);
    isFirst = false;
    return text;
  };
}

/** A later text that is longer moves the rest of its line. */
const WIDTH_MAX = 40;
const widest = (cells: readonly string[]): number =>
  cells.reduce((width, { length }) => Math.max(width, Math.min(length, WIDTH_MAX)), 0);

/** A list is written with spaces between its items. When one of them has a space, it is written as JSON. */
const textOf = (value: Value): string =>
  Array.isArray(value)
    ? value.some((item: string) => /\s/.test(item))
      ? JSON.stringify(value)
      : value.join(' ')
    : String(value ?? '');

/** What moves the cursor, ends a line or turns the direction of text is shown by its number: a terminal would obey it. */
const visible = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);

// A spreadsheet takes a text that begins so for a formula, some also after spaces or in full width.
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
// One that has another separator than the comma begins a cell here.
const FORMULA_WITHIN = /([;|]\s*)(?=[=+\-@＝＋－＠])/g;

/** RFC 4180. A text that a spreadsheet would run has an apostrophe in front of it. */
function csvCell(value: Value): string {
  const text = textOf(value);
  const safe = (FORMULA.test(text) ? `'${text}` : text).replaceAll(FORMULA_WITHIN, "$1'");
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
