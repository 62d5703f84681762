import { cpfFromBase } from '@pessoa/domain/cpf';
import fc from 'fast-check';

const cpf = fc.integer({ min: 100_000_000, max: 899_999_999 }).map((base) => cpfFromBase(String(base)));
const digit = fc.constantFrom(...'0123456789', '٣', '３', '𝟗', 'O', '-', '.', ' ', '\u00a0', '\0');
const punctuate = (digits: string): string => digits.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');

/** CPFs, texts that are almost CPFs, and any text. */
export const cpfStrings: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: cpf },
  { weight: 1, arbitrary: cpf.map(punctuate) },
  {
    weight: 3,
    arbitrary: fc.tuple(cpf, fc.nat({ max: 10 }), digit).map(([digits, at, other]) => digits.slice(0, at) + other + digits.slice(at + 1)), // prettier-ignore
  },
  {
    weight: 2,
    arbitrary: fc.tuple(cpf.map(punctuate), fc.nat({ max: 14 }), digit).map(([text, at, other]) => text.slice(0, at) + other + text.slice(at)), // prettier-ignore
  },
  { weight: 1, arbitrary: fc.constantFrom(...'0123456789').map((same) => same.repeat(11)) },
  { weight: 1, arbitrary: fc.array(digit, { maxLength: 20 }).map((list) => list.join('')) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constantFrom('\ud800', '%00', '..', '../52998224725', "' OR 1=1 --", '9'.repeat(5_000)) },
);
