import fc from 'fast-check';
import { dinheiroText, readDinheiro } from '../src/dinheiro.ts';

/** What NUMERIC(17,2) holds. */
const LARGEST = 10n ** 17n - 1n;

describe('An amount', () => {
  it.each([
    ['1234.56', 123456n],
    ['0.00', 0n],
    ['0.01', 1n],
    ['-0.01', -1n],
    ['-1234.56', -123456n],
    ['999999999999999.99', LARGEST],
    ['-999999999999999.99', -LARGEST],
  ])('%s is whole centavos', (text, centavos) => {
    expect(readDinheiro(text)).toBe(centavos);
    expect(dinheiroText(centavos)).toBe(text);
  });

  it('of minus nothing is nothing', () => {
    expect(dinheiroText(readDinheiro('-0.00')!)).toBe('0.00');
  });

  it('survives writing and reading, whatever it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -LARGEST, max: LARGEST }), (centavos) => {
        expect(readDinheiro(dinheiroText(centavos))).toBe(centavos);
      }),
    );
  });

  it('survives reading and writing, whatever its text', () => {
    const text = fc
      .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), fc.integer({ min: 0, max: 99 }))
      .map(([sign, reais, centavos]) => `${sign}${reais}.${String(centavos).padStart(2, '0')}`)
      .filter((one) => one !== '-0.00');
    fc.assert(fc.property(text, (one) => expect(dinheiroText(readDinheiro(one)!)).toBe(one)));
  });

  it.each([
    '',
    '.',
    '0',
    '12',
    '12.',
    '12.3',
    '12.345',
    '.50',
    '012.34',
    '00.00',
    '+12.34',
    '--1.00',
    '1,234.56',
    '1234,56',
    'R$ 1.00',
    '1e3.00',
    '1e3',
    ' 1.00',
    '1.00\n',
    '１.00',
    'NaN',
    'Infinity',
    '1000000000000000.00',
    '-1000000000000000.00',
  ])('%j is none: two places always, at most 15 digits before them', (text) => {
    expect(readDinheiro(text)).toBe(undefined);
  });

  it.each([12.34, 12, 12n, null, undefined, ['12.34'], {}])('is text, never a number (case %#)', (value) => {
    expect(readDinheiro(value)).toBe(undefined);
  });
});
