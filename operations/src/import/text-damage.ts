/** Controls other than tab and line ends, and what is not seen at all: soft hyphens, zero-width spaces, direction marks. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/; // eslint-disable-line no-control-regex

/** Marks that copying out of other programs leaves behind: nothing is lost with them. */
const COPIED_MARKS = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** `SÃ£o`, `nÂº`, `â€“`: UTF-8 that was read as Windows-1252 and written again. No word of Portuguese has them. */
const DECODED_TWICE = /Ã[\u0081\u008d¡-\u00ad¯-¹¼-¿ƒ‡‰Š‹Œ]|Â[§ª´º°]|â€/;

/** What a spreadsheet in Portuguese or English shows where a formula failed or a column is too narrow. */
const SPREADSHEET_ERROR = /^#(?:N\/[AD]|REF!|VALOR!|VALUE!|DIV\/0!|NOME\?|NAME\?|N[UÚ]M!|NULO!|NULL!|#+)$/i;

/** True for a text that nobody wrote as it stands. */
export const isDamaged = (text: string): boolean =>
  INVISIBLE.test(text) || DECODED_TWICE.test(text) || SPREADSHEET_ERROR.test(text);

export const withoutCopiedMarks = (text: string): string => text.replace(COPIED_MARKS, '');

/** A number as spreadsheets cut it: its last digits are not in the file any more. */
export const isCutNumber = (text: string): boolean =>
  /^[+-]?\d{1,3}(?:[.,]\d{1,15})?[eE]\+\d{1,3}$/.test(text) || /^[+-]?\d[.,]\d{1,15}[eE]\d{1,3}$/.test(text);
