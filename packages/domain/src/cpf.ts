/** Eleven digits whose two check digits are right. Made only by `readCpf` and `cpfFromBase`. */
export type Cpf = string & { readonly __brand: 'Cpf' };

const ACCEPTED = /^(?:\d{11}|\d{3}\.\d{3}\.\d{3}-\d{2})$/;

/** Modulo 11 over `digits` with weights length+1 down to 2; a remainder of 10 counts as 0. */
function checkDigit(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += (digits.charCodeAt(i) - 48) * (digits.length + 1 - i);
  }
  return ((sum * 10) % 11) % 10;
}

/**
 * Reads `52998224725` or `529.982.247-25`, ASCII digits only, nothing before or after.
 *
 * @returns the eleven digits, or undefined when the form or a check digit is wrong. Eleven equal digits
 *   satisfy the arithmetic but were never issued, so they are refused too.
 */
export function readCpf(input: unknown): Cpf | undefined {
  if (typeof input !== 'string' || !ACCEPTED.test(input)) return undefined;
  const digits = input.length === 11 ? input : input.replace(/[.-]/g, '');
  if (/^(\d)\1{10}$/.test(digits)) return undefined;
  const base = digits.slice(0, 9);
  return cpfFromBase(base) === digits ? (digits as Cpf) : undefined;
}

/** Appends the two check digits to nine digits. */
export function cpfFromBase(nineDigits: string): Cpf {
  const first = checkDigit(nineDigits);
  const second = checkDigit(`${nineDigits}${first}`);
  return `${nineDigits}${first}${second}` as Cpf;
}

/** The ninth digit of a CPF issued in each state (Receita Federal's fiscal regions). */
export const fiscalRegionDigit = {
  RS: 0,
  DF: 1, GO: 1, MT: 1, MS: 1, TO: 1,
  AC: 2, AM: 2, AP: 2, PA: 2, RO: 2, RR: 2,
  CE: 3, MA: 3, PI: 3,
  AL: 4, PB: 4, PE: 4, RN: 4,
  BA: 5, SE: 5,
  MG: 6,
  ES: 7, RJ: 7,
  SP: 8,
  PR: 9, SC: 9,
} as const; // prettier-ignore
