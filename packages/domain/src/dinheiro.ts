/** An amount in BRL, in whole centavos. R$ 1.234,56 is 123456n. */
export type Centavos = bigint;

const AMOUNT = /^-?(?:0|[1-9]\d{0,14})\.\d{2}$/;

/** Ten digits more than an amount: enough for a sum of two thousand million of the largest amounts. */
const AMOUNT_OR_SUM = /^-?(?:0|[1-9]\d{0,24})\.\d{2}$/;

/** Reads an amount such as `1234.56`: two decimals, at most 15 digits before them. @returns undefined for anything else */
export function readDinheiro(input: unknown): Centavos | undefined {
  if (typeof input !== 'string' || !AMOUNT.test(input)) return undefined;
  return BigInt(input.replace('.', ''));
}

/** Whether a value is the text of an amount or of a sum of amounts: two decimals, at most 25 digits before them. */
export const isDinheiroText = (value: unknown): value is string =>
  typeof value === 'string' && AMOUNT_OR_SUM.test(value);

/** Writes an amount as the API and PostgreSQL do: `1234.56`. It is text because a JSON number would lose centavos. */
export function formatDinheiro(centavos: Centavos): string {
  const digits = (centavos < 0n ? -centavos : centavos).toString().padStart(3, '0');
  return `${centavos < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
