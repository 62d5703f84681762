// Eleven or more digits of any script, with any punctuation between them: perhaps a CPF, a CNPJ or a phone number.
const LONG_NUMBER = /\p{Nd}(?:[^\p{L}\p{N}]{0,3}\p{Nd}){10,}/gu;

// graphql-js quotes the literals that it refuses, and a literal may hold personal data.
const QUOTED_LITERAL = /\b(String|BlockString|Int|Float) "(?:[^"\\]|\\.)*"/g;
const QUOTED_VALUE = /\b(got invalid value) [^;]*/g;

/** Replaces the values that a message of graphql-js quotes, and every number long enough to be a CPF, by `[redacted]`. */
export const redactText = (text: string): string =>
  text
    .replace(QUOTED_VALUE, '$1 [redacted]')
    .replace(QUOTED_LITERAL, '$1 [redacted]')
    .replace(LONG_NUMBER, '[redacted]');

/** The most characters of a message that may quote the caller. */
const QUOTED_MAX = 100;

/** Cuts a message that may quote the caller to 100 characters. */
export const cutText = (text: string): string =>
  text.length <= QUOTED_MAX ? text : `${text.slice(0, QUOTED_MAX - 1)}…`;
