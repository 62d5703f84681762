/** Control characters other than tab and line ends, and invisible characters: soft hyphens, zero-width spaces, direction marks. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/; // eslint-disable-line no-control-regex

/** Invisible characters that other programs add when text is copied. They may be removed. */
const COPIED_MARKS = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** UTF-8 that was read as Windows-1252 and written again: `SÃ£o`, `nÂº`, `â€“`. No Portuguese word contains it. */
const DECODED_TWICE = /Ã[\u0081\u008d¡-\u00ad¯-¹¼-¿ƒ‡‰Š‹Œ]|Â[§ª´º°]|â€/;

/** What a spreadsheet in Portuguese or English shows when a formula fails or a column is too narrow. */
const SPREADSHEET_ERROR = /^#(?:N\/[AD]|REF!|VALOR!|VALUE!|DIV\/0!|NOME\?|NAME\?|N[UÚ]M!|NULO!|NULL!|#+)$/i;

/** True for a text with invisible characters, wrongly decoded letters, or a spreadsheet error. */
export const isDamaged = (text: string): boolean =>
  INVISIBLE.test(text) || DECODED_TWICE.test(text) || SPREADSHEET_ERROR.test(text);

export const withoutCopiedMarks = (text: string): string => text.replace(COPIED_MARKS, '');

/** True for scientific notation, in which spreadsheets lose the last digits of a number. */
export const isCutNumber = (text: string): boolean =>
  /^[+-]?\d{1,3}(?:[.,]\d{1,15})?[eE]\+\d{1,3}$/.test(text) || /^[+-]?\d[.,]\d{1,15}[eE]\d{1,3}$/.test(text);
