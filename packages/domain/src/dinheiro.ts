/** An amount in BRL, in whole centavos. R$ 1.234,56 is 123456n. */
export type Centavos = bigint;

const TEXT = /^-?(?:0|[1-9]\d{0,14})\.\d{2}$/;

/** Room for two thousand million of the largest amounts: more rows than a sum can have. */
const SUM = /^-?(?:0|[1-9]\d{0,24})\.\d{2}$/;

/** @returns the centavos of a text such as `1234.56` (two places, at most 15 digits before them), else undefined. */
export function readDinheiro(input: unknown): Centavos | undefined {
  if (typeof input !== 'string' || !TEXT.test(input)) return undefined;
  return BigInt(input.replace('.', ''));
}

/** True for the text of an amount or of a sum of amounts: two places, at most 25 digits before them. */
export const isDinheiroText = (text: unknown): text is string => typeof text === 'string' && SUM.test(text);

/** The API's and PostgreSQL's form: `1234.56`. Never a JSON number: that loses centavos. */
export function dinheiroText(centavos: Centavos): string {
  const digits = (centavos < 0n ? -centavos : centavos).toString().padStart(3, '0');
  return `${centavos < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
