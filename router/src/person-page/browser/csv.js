/**
 * Where a spreadsheet would begin a formula: at the start of a cell, and after what it may take for the end of one (a
 * comma, a tab, a line) when it reads the file with other settings than ours. The full-width signs count as well.
 */
const FORMULA = /(^|[,;|"\t\r\n])(\s*)(?=[=+\-@＝＋－＠])/gu;
/** A number in Portuguese, which is no formula. */
const NUMBER = /^-?\d+(?:,\d+)?$/;

/**
 * One cell, in quotes. What a spreadsheet would run gets an apostrophe in front, which makes it text.
 *
 * @param {string | number} value
 */
export function csvCell(value) {
  const text = String(value);
  const safe = NUMBER.test(text) ? text : text.replace(FORMULA, "$1$2'");
  return `"${safe.replaceAll('"', '""')}"`;
}

/**
 * A table as a spreadsheet in Portuguese opens it: semicolons, a byte order mark for the accents, CRLF (RFC 4180).
 *
 * @param {readonly (readonly (string | number)[])[]} rows the first one has the names of the columns
 */
export const toCsv = (rows) => `\uFEFF${rows.map((row) => row.map(csvCell).join(';')).join('\r\n')}\r\n`;
