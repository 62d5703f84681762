import { cpf as oracle } from 'cpf-cnpj-validator';
import fc from 'fast-check';
import { cpfFromBase, fiscalRegionDigit, readCpf } from '../src/cpf.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));

const formatted = (cpf: string): string => cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');

/** Refused by the oracle though its digits are right: it stands in too many examples. */
const ON_THE_ORACLES_BLACK_LIST = '12345678909';

describe('A CPF', () => {
  it('has eleven digits or the punctuation of the card, and comes out as eleven digits', () => {
    expect(readCpf('52998224725')).toBe('52998224725');
    expect(readCpf('529.982.247-25')).toBe('52998224725');
    expect(readCpf('00000000191')).toBe('00000000191');
  });

  it('has two check digits, and both count', () => {
    expect(readCpf('52998224724')).toBe(undefined);
    expect(readCpf('52998224735')).toBe(undefined);
    expect(readCpf('529.982.247-52')).toBe(undefined);
  });

  it.each([
    '',
    '5299822472',
    '529982247255',
    ' 52998224725',
    '52998224725 ',
    '52998224725\n',
    '\u00a052998224725',
    '+52998224725',
    '-52998224725',
    '52998224725abc',
    '529.982.247-25abc',
    '529.982.24725',
    '529982247-25',
    '529.982247-25',
    '529-982-247-25',
    '529 982 247 25',
    '529.982.247.25',
    '529,982,247-25',
    '5.29982.247-25',
    '529.982.247‐25',
    '529.982.247–25',
    '５２９９８２２４７２５',
    '٥٢٩٩٨٢٢٤٧٢٥',
    '5299822472５',
    '5.2998224725e10',
    '0x52998224725',
    '52998224725\u0000',
    '52998224725\u200b',
  ])('is nothing in any other form (%j)', (text) => {
    expect(readCpf(text)).toBe(undefined);
  });

  it.each([
    52998224725,
    52998224725n,
    null,
    undefined,
    true,
    ['52998224725'],
    { cpf: '52998224725' },
    new String('52998224725'),
  ])('is text and nothing that turns into it (case %#)', (value) => {
    expect(readCpf(value)).toBe(undefined);
  });

  it.each(Array.from({ length: 10 }, (_, digit) => String(digit).repeat(11)))(
    'of eleven equal digits was never issued (%s)',
    (text) => {
      expect(cpfFromBase(text.slice(0, 9))).toBe(text);
      expect(readCpf(text)).toBe(undefined);
      expect(readCpf(formatted(text))).toBe(undefined);
    },
  );

  it('is what the validator in widest use says in its strict mode, whatever the eleven digits', () => {
    fc.assert(
      fc.property(fc.oneof(digits(11), digits(9).map(cpfFromBase)), (text) => {
        fc.pre(text !== ON_THE_ORACLES_BLACK_LIST);
        expect(readCpf(text) !== undefined).toBe(oracle.isValid(text, true));
        expect(readCpf(formatted(text)) !== undefined).toBe(oracle.isValid(formatted(text), true));
      }),
      { numRuns: generatedCases(5_000) },
    );
  });

  it('is what that validator says for any text at all', () => {
    const nearly = fc
      .tuple(digits(9).map(cpfFromBase), fc.nat({ max: 13 }), fc.constantFrom('', '.', '-', ' ', '0', 'x', '１', '\n'))
      .map(([cpf, at, noise]) => formatted(cpf).slice(0, at) + noise + formatted(cpf).slice(at));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        expect(readCpf(text) !== undefined).toBe(oracle.isValid(text, true));
      }),
      { numRuns: generatedCases(5_000) },
    );
  });

  it('may be the famous example, whose digits are right', () => {
    expect(oracle.isValid(ON_THE_ORACLES_BLACK_LIST, true)).toBe(false);
    expect(readCpf(ON_THE_ORACLES_BLACK_LIST)).toBe(ON_THE_ORACLES_BLACK_LIST);
  });

  it('has one pair of check digits out of a hundred', () => {
    fc.assert(
      fc.property(
        digits(9).filter((base) => !/^(\d)\1{8}$/.test(base)),
        (base) => {
          const pairs = Array.from({ length: 100 }, (_, pair) => base + String(pair).padStart(2, '0'));
          expect(pairs.filter((text) => readCpf(text) !== undefined)).toEqual([cpfFromBase(base)]);
        },
      ),
    );
  });

  it('has in its ninth place the fiscal region of the state that issued it', () => {
    expect(Object.keys(fiscalRegionDigit)).toHaveLength(27);
    expect(new Set(Object.values(fiscalRegionDigit))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(fiscalRegionDigit).toMatchObject({ SP: 8, RS: 0, MG: 6, RJ: 7, DF: 1 });
  });
});
