import { cpf as oracle } from 'cpf-cnpj-validator';
import fc from 'fast-check';
import { cpfFromBase, fiscalRegionDigit, readCpf } from '../src/cpf.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));

const formatted = (cpf: string): string => cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');

/** The oracle refuses this CPF, although its check digits are right, because it appears in so many examples. */
const REFUSED_BY_ORACLE = '12345678909';

describe('A CPF', () => {
  it('has eleven digits, with or without punctuation, and is returned as eleven digits', () => {
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
  ])('is refused in any other form (%j)', (text) => {
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
  ])('is read from a string and from no other type (case %#)', (value) => {
    expect(readCpf(value)).toBe(undefined);
  });

  it.each(Array.from({ length: 10 }, (_, digit) => String(digit).repeat(11)))(
    'of eleven equal digits is refused, because none was ever issued (%s)',
    (text) => {
      expect(cpfFromBase(text.slice(0, 9))).toBe(text);
      expect(readCpf(text)).toBe(undefined);
      expect(readCpf(formatted(text))).toBe(undefined);
    },
  );

  it('of any eleven digits is accepted exactly when the strict mode of cpf-cnpj-validator accepts it', () => {
    fc.assert(
      fc.property(fc.oneof(digits(11), digits(9).map(cpfFromBase)), (text) => {
        fc.pre(text !== REFUSED_BY_ORACLE);
        expect(readCpf(text) !== undefined).toBe(oracle.isValid(text, true));
        expect(readCpf(formatted(text)) !== undefined).toBe(oracle.isValid(formatted(text), true));
      }),
      { numRuns: generatedCases(5_000) },
    );
  });

  it('of any text is accepted exactly when that validator accepts it', () => {
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

  it('is accepted when its check digits are right, even if it appears in many examples', () => {
    expect(oracle.isValid(REFUSED_BY_ORACLE, true)).toBe(false);
    expect(readCpf(REFUSED_BY_ORACLE)).toBe(REFUSED_BY_ORACLE);
  });

  it('is valid with exactly one of the hundred pairs of check digits', () => {
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

  it('has the fiscal region of the state that issued it as its ninth digit', () => {
    expect(Object.keys(fiscalRegionDigit)).toHaveLength(27);
    expect(new Set(Object.values(fiscalRegionDigit))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(fiscalRegionDigit).toMatchObject({ SP: 8, RS: 0, MG: 6, RJ: 7, DF: 1 });
  });
});
