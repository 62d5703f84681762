/** A spreadsheet runs a cell that begins with one of these as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** A number in Portuguese, which is no formula. */
const NUMBER = /^-?\d+(?:,\d+)?$/;

/**
 * One cell. A text that a spreadsheet would run gets an apostrophe in front, which the spreadsheet shows as text.
 *
 * @param {string | number} value
 */
export function csvCell(value) {
  const text = String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[;"\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A table as a spreadsheet in Portuguese opens it: semicolons, a byte order mark for the accents, CRLF (RFC 4180).
 *
 * @param {readonly (readonly (string | number)[])[]} rows the first one has the names of the columns
 */
export const toCsv = (rows) => `\uFEFF${rows.map((row) => row.map(csvCell).join(';')).join('\r\n')}\r\n`;
