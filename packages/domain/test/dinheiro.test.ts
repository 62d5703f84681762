import fc from 'fast-check';
import { formatDinheiro, readDinheiro } from '../src/dinheiro.ts';

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
  ])('%s is read as whole centavos and written back', (text, centavos) => {
    expect(readDinheiro(text)).toBe(centavos);
    expect(formatDinheiro(centavos)).toBe(text);
  });

  it('of minus zero is zero', () => {
    expect(formatDinheiro(readDinheiro('-0.00')!)).toBe('0.00');
  });

  it('is the same after writing and reading', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -LARGEST, max: LARGEST }), (centavos) => {
        expect(readDinheiro(formatDinheiro(centavos))).toBe(centavos);
      }),
    );
  });

  it('has the same text after reading and writing', () => {
    const amounts = fc
      .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), fc.integer({ min: 0, max: 99 }))
      .map(([sign, reais, centavos]) => `${sign}${reais}.${String(centavos).padStart(2, '0')}`)
      .filter((amount) => amount !== '-0.00');
    fc.assert(fc.property(amounts, (amount) => expect(formatDinheiro(readDinheiro(amount)!)).toBe(amount)));
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
  ])('%j is refused: an amount has two decimals and at most 15 digits before them', (text) => {
    expect(readDinheiro(text)).toBe(undefined);
  });

  it.each([12.34, 12, 12n, null, undefined, ['12.34'], {}])(
    'is read from a string, never from a number (case %#)',
    (value) => {
      expect(readDinheiro(value)).toBe(undefined);
    },
  );
});
