import { readCnpj } from '@pessoa/domain/cnpj';

/** Thirteen to nineteen digits in a row, or in the groups that are printed on a card. */
const CANDIDATE = /(?<!\d)(?:\d{13,19}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5})(?!\d)/g;

/** First digits that the card networks give out, by length of the number. */
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

/** True for a text with a number in it that looks like that of a card: length, network, Luhn digit; a CNPJ is not one. */
export const hasCardNumber = (text: string): boolean => text.match(CANDIDATE)?.some(isCardNumber) ?? false;

/** Only the last four digits are left, as PCI DSS lets them be kept. */
export const maskDigits = (number: string): string => number.replace(/\d(?=(?:\D?\d){4})/g, '*');

/** Masks every card number in a text. */
export const maskCardNumbers = (text: string): string =>
  text.replace(CANDIDATE, (candidate) => (isCardNumber(candidate) ? maskDigits(candidate) : candidate));
