/** @param {string} text @returns {string} its digits */
export const digitsOf = (text) => text.replace(/\D/g, '');

/**
 * Writes the digits of a CPF, complete or not, with its dots and its hyphen.
 *
 * @param {string} digits
 */
export function maskCpf(digits) {
  const [a, b, c, d] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 9), digits.slice(9, 11)];
  return `${[a, b, c].filter((part) => part !== '').join('.')}${d === '' ? '' : `-${d}`}`;
}

/** @param {string} digits */
function checkDigit(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[i]) * (digits.length + 1 - i);
  return ((sum * 10) % 11) % 10;
}

/**
 * Whether eleven digits are a CPF, as `readCpf` of the domain decides it.
 *
 * @param {string} digits
 */
export function isCpf(digits) {
  if (!/^\d{11}$/.test(digits) || /^(\d)\1{10}$/.test(digits)) return false;
  return checkDigit(digits.slice(0, 9)) === Number(digits[9]) && checkDigit(digits.slice(0, 10)) === Number(digits[10]);
}

/**
 * What the field says of the digits in it.
 *
 * @param {string} digits
 * @returns {{ state: 'empty' | 'partial' | 'ok' | 'bad', text: string }}
 */
export function judgeCpf(digits) {
  if (digits === '') return { state: 'empty', text: '' };
  if (digits.length < 11) {
    const missing = 11 - digits.length;
    return { state: 'partial', text: missing === 1 ? 'Falta 1 algarismo.' : `Faltam ${missing} algarismos.` };
  }
  if (digits.length > 11) return { state: 'bad', text: `São ${digits.length} algarismos; um CPF tem 11.` };
  return isCpf(digits)
    ? { state: 'ok', text: 'Dígitos verificadores conferem.' }
    : { state: 'bad', text: 'Os dígitos verificadores não conferem.' };
}

/**
 * Reads a pasted list.
 *
 * @param {string} text CPFs separated by lines, commas, semicolons or tabs
 * @returns {{ cpfs: string[], bad: string[], repeated: number }} each CPF once, in the order of the list; what is none
 */
export function readCpfList(text) {
  const cpfs = new Set();
  /** @type {string[]} */
  const bad = [];
  let repeated = 0;
  for (const piece of text.split(/[\n\r,;\t]/)) {
    const item = piece.trim();
    if (item === '') continue;
    const digits = digitsOf(item);
    if (!/^[\d.\s-]+$/.test(item) || !isCpf(digits)) bad.push(item);
    else if (cpfs.has(digits)) repeated += 1;
    else cpfs.add(digits);
  }
  return { cpfs: [...cpfs], bad, repeated };
}
