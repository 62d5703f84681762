/** Eleven digits whose two check digits are right. Made only by `readCpf` and `cpfFromBase`. */
export type Cpf = string & { readonly __brand: 'Cpf' };

const ACCEPTED = /^(?:\d{11}|\d{3}\.\d{3}\.\d{3}-\d{2})$/;

/**
 * The two check digits of nine digits: modulo 11, with weights from 10 down to 2 for the first, and from 11 down to 2 over the nine and the first
 * for the second; a remainder of 10 counts as 0. In one pass, because a list of a hundred people is checked several times.
 */
function checkDigits(text: string): readonly [first: number, second: number] {
  let [sum, weighted] = [0, 0];
  for (let index = 0; index < 9; index++) {
    const digit = text.charCodeAt(index) - 48;
    sum += digit;
    weighted += digit * (10 - index);
  }
  const first = ((weighted * 10) % 11) % 10;
  return [first, (((weighted + sum + 2 * first) * 10) % 11) % 10];
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
  const [first, second] = checkDigits(digits);
  const isRight = digits.charCodeAt(9) === 48 + first && digits.charCodeAt(10) === 48 + second;
  return isRight && !(first === second && /^(\d)\1{10}$/.test(digits)) ? (digits as Cpf) : undefined;
}

/** Appends the two check digits to nine digits. */
export function cpfFromBase(nineDigits: string): Cpf {
  return `${nineDigits}${checkDigits(nineDigits).join('')}` as Cpf;
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
