import { cpfFromBase, readCpf } from '@pessoa/domain/cpf';
import fc from 'fast-check';
import { isCpf, judgeCpf, maskCpf, readCpfList } from '../../../src/person-page/browser/cpf.js';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 11, maxLength: 11 });

describe('The CPF on the page', () => {
  it('is one exactly when the API takes it', () => {
    fc.assert(
      fc.property(digits, (text) => {
        expect(isCpf(text)).toBe(readCpf(text) !== undefined);
        const right = cpfFromBase(text.slice(0, 9));
        expect(isCpf(right)).toBe(readCpf(right) !== undefined);
      }),
      generatedProperty(10_000),
    );
  });

  it.each([
    ['', ''],
    ['999', '999'],
    ['9999', '999.9'],
    ['999999001', '999.999.001'],
    ['99999900100', '999.999.001-00'],
  ])('is shown while it is typed: %s as %s', (typed, shown) => {
    expect(maskCpf(typed)).toBe(shown);
  });

  it.each([
    ['9999990010', 'Falta 1 algarismo.'],
    ['11111111111', 'Os dígitos verificadores não conferem.'],
    ['99999900100', 'Dígitos verificadores conferem.'],
  ])('%s is judged at once: %s', (typed, said) => {
    expect(judgeCpf(typed).text).toBe(said);
  });
});

it('A pasted list is read whatever separates its CPFs, and what is none is named', () => {
  expect(readCpfList('999.999.001-00; 52998224725,\n99999900291\t52998224725\r\n12-34 abc')).toEqual({
    cpfs: ['99999900100', '52998224725', '99999900291'],
    bad: ['12-34 abc'],
    repeated: 1,
  });
});
