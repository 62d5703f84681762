/** The number of a lawsuit in the form `NNNNNNN-DD.AAAA.J.TR.OOOO` (Resolução CNJ 65/2008). */
export type NumeroProcesso = string & { readonly __brand: 'NumeroProcesso' };

const PUNCTUATED = /^(\d{7})-(\d{2})\.(\d{4})\.(\d)\.(\d{2})\.(\d{4})$/;
const DIGITS = /^(\d{7})(\d{2})(\d{4})(\d)(\d{2})(\d{4})$/;

/**
 * @param input the twenty digits, with or without punctuation
 * @returns the number with punctuation; undefined unless the check digits match (ISO 7064 MOD 97-10), the year is from
 *   1900 to 2099 and the branch of the judiciary is from 1 to 9
 */
export function readNumeroProcesso(input: unknown): NumeroProcesso | undefined {
  if (typeof input !== 'string') return undefined;
  const parts = PUNCTUATED.exec(input) ?? DIGITS.exec(input);
  if (!parts) return undefined;
  const [, sequence, check, year, branch, court, origin] = parts;
  if (!/^(?:19|20)/.test(year!) || branch === '0') return undefined;
  if (BigInt(`${sequence}${year}${branch}${court}${origin}${check}`) % 97n !== 1n) return undefined;
  return `${sequence}-${check}.${year}.${branch}.${court}.${origin}` as NumeroProcesso;
}
