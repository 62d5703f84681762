// Eleven digits or more, of any script and however they are punctuated: a CPF, a CNPJ, a phone number.
const LONG_NUMBER = /\p{Nd}(?:[^\p{L}\p{N}]{0,3}\p{Nd}){10,}/gu;

// graphql-js quotes the literal it stumbled on; a literal may hold anything about a person.
const QUOTED_LITERAL = /\b(String|BlockString|Int|Float) "(?:[^"\\]|\\.)*"/g;
const QUOTED_VALUE = /\b(got invalid value) [^;]*/g;

/** A text of graphql-js without the values it quotes and without any number long enough to be a CPF. */
export const redactText = (text: string): string =>
  text
    .replace(QUOTED_VALUE, '$1 [redacted]')
    .replace(QUOTED_LITERAL, '$1 [redacted]')
    .replace(LONG_NUMBER, '[redacted]');

/** As much of a caller's own text as is quoted back to them. */
const QUOTED_MAX = 100;

/** @returns a text that may quote the caller, of at most 100 characters */
export const cutText = (text: string): string =>
  text.length <= QUOTED_MAX ? text : `${text.slice(0, QUOTED_MAX - 1)}…`;
