import { cnpj as oracle } from 'cpf-cnpj-validator';
import fc from 'fast-check';
import { cnpjFromBase, readCnpj } from '../src/cnpj.ts';

const POSITIONS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const positions = (length: number, from = POSITIONS): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...from), { minLength: length, maxLength: length }).map((list) => list.join(''));

describe('A CNPJ', () => {
  it('may have letters in its first twelve positions since July 2026', () => {
    // The worked example of the Receita Federal, NT 2024/49.
    expect(readCnpj('12ABC34501DE35')).toBe('12ABC34501DE35');
    expect(cnpjFromBase('12ABC34501DE')).toBe('12ABC34501DE35');
  });

  it('made of digits alone stays valid', () => {
    expect(readCnpj('11222333000181')).toBe('11222333000181');
    expect(readCnpj('00000000000191')).toBe('00000000000191');
  });

  it.each([
    '',
    '1122233300018',
    '112223330001811',
    '11.222.333/0001-81',
    ' 11222333000181',
    '11222333000181\n',
    '11222333000182',
    '12abc34501de35',
    '12ABC34501DE3A',
    '12ABC34501D\u00c935',
    '１１222333000181',
    '00000000000000',
  ])('is refused in any other form, and with wrong check digits (%j)', (text) => {
    expect(readCnpj(text)).toBe(undefined);
  });

  it.each([11222333000181, 11222333000181n, null, undefined, ['11222333000181']])(
    'is read from a string and from no other type (case %#)',
    (value) => {
      expect(readCnpj(value)).toBe(undefined);
    },
  );

  it('is accepted exactly when the strict mode of cpf-cnpj-validator accepts it', () => {
    const digitsOnly = POSITIONS.slice(0, 10);
    const fourteen = fc.oneof(
      positions(14),
      positions(12).map(cnpjFromBase),
      positions(12, digitsOnly).map(cnpjFromBase),
      positions(14, digitsOnly),
      fc.constantFrom(...digitsOnly).map((digit) => digit.repeat(14)),
    );
    fc.assert(
      fc.property(fourteen, (text) => expect(readCnpj(text) !== undefined).toBe(oracle.isValid(text, true))),
      { numRuns: generatedCases(5_000) },
    );
  });

  it('made from any twelve positions is valid', () => {
    fc.assert(
      fc.property(
        positions(12).filter((base) => base !== '0'.repeat(12)),
        (base) => expect(readCnpj(cnpjFromBase(base))).toBe(cnpjFromBase(base)),
      ),
    );
  });
});
