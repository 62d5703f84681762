/**
 * Fourteen positions: twelve letters or digits and two check digits (IN RFB 2.229/2024; letters since July 2026).
 * Made only by `readCnpj` and `cnpjFromBase`.
 */
export type Cnpj = string & { readonly __brand: 'Cnpj' };

const ACCEPTED = /^[A-Z0-9]{12}\d{2}$/;

/** Modulo 11 over the character codes minus 48, weights 2 to 9 from the right; below 2 counts as 0. */
function checkDigit(positions: string): number {
  let sum = 0;
  for (let i = positions.length - 1, weight = 2; i >= 0; i--, weight = weight === 9 ? 2 : weight + 1) {
    sum += (positions.charCodeAt(i) - 48) * weight;
  }
  const remainder = sum % 11;
  return remainder < 2 ? 0 : 11 - remainder;
}

/** @returns the fourteen positions without punctuation, or undefined when the form or a check digit is wrong. */
export function readCnpj(input: unknown): Cnpj | undefined {
  if (typeof input !== 'string' || !ACCEPTED.test(input)) return undefined;
  if (/^0{14}$/.test(input)) return undefined;
  return cnpjFromBase(input.slice(0, 12)) === input ? (input as Cnpj) : undefined;
}

/** Appends the two check digits to twelve letters or digits. */
export function cnpjFromBase(twelvePositions: string): Cnpj {
  const first = checkDigit(twelvePositions);
  const second = checkDigit(`${twelvePositions}${first}`);
  return `${twelvePositions}${first}${second}` as Cnpj;
}
