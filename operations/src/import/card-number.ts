import { readCnpj } from '@pessoa/domain/cnpj';

/** Thirteen to nineteen consecutive digits, or digits in the groups that a card shows. */
const CANDIDATE = /(?<!\d)(?:\d{13,19}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5})(?!\d)/g;

/** The first digits that card networks issue, for each length of a number. */
const ISSUED = /^(?:4\d{12}|3[0689]\d{12}|3[47]\d{13}|[2-6]\d{15}|[46]\d{18})$/;

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

function isCardNumber(candidate: string): boolean {
  const digits = candidate.replace(/\D/g, '');
  return ISSUED.test(digits) && passesLuhn(digits) && readCnpj(digits) === undefined;
}

/** True if the text contains a number with the length, first digits and Luhn digit of a card. A CNPJ is not a card number. */
export const hasCardNumber = (text: string): boolean => text.match(CANDIDATE)?.some(isCardNumber) ?? false;

/** Masks all digits but the last four, which PCI DSS allows to keep. */
export const maskDigits = (number: string): string => number.replace(/\d(?=(?:\D?\d){4})/g, '*');

/** Masks every card number in a text. */
export const maskCardNumbers = (text: string): string =>
  text.replace(CANDIDATE, (candidate) => (isCardNumber(candidate) ? maskDigits(candidate) : candidate));
