import { amountForm, integerForm } from '../../src/import/sheet-amounts.ts';
import { dayForm, instantForm } from '../../src/import/sheet-days.ts';
import { codeForm, cpfForm, type Writing } from '../../src/import/sheet-forms.ts';

const brazilian: Writing = { decimal: ',', isDayFirst: true, zone: 'America/Sao_Paulo' };

describe('A code of digits', () => {
  it.each([
    ['1310900', '01310900'],
    ['01310-900', '01310900'],
    ['000001310900', '01310900'],
    ['901310900', '901310900'],
    ['1x', '1X'],
  ])('%s of eight is %s: zeros are put back and taken away, other digits stay', (text, strict) =>
    expect(codeForm(8).toStrict(text, brazilian)).toBe(strict),
  );
});

describe('A CPF', () => {
  it.each([
    ['52998224725', '52998224725'],
    ['191', '00000000191'],
    ['00052998224725', '52998224725'],
    ['192', '192'],
    ['99952998224725', '99952998224725'],
  ])('%s is %s: zeros are put back where the check digits prove them', (text, strict) =>
    expect(cpfForm.toStrict(text, brazilian)).toBe(strict),
  );
});

describe('A wall clock of São Paulo', () => {
  it.each([
    ['17/02/2018 22:59:59', '2018-02-17T22:59:59-02:00'],
    ['18/02/2018 00:00:00', '2018-02-18T00:00:00-03:00'],
    ['17/02/2018 23:30:00', '17/02/2018 23:30:00'], // shown twice
    ['04/11/2018 00:30:00', '04/11/2018 00:30:00'], // never shown
    ['20/11/2026 01:30', '2026-11-20T01:30:00-03:00'],
  ])('%s is %s: one that was shown twice, or never, is none', (text, strict) =>
    expect(instantForm.toStrict(text, brazilian)).toBe(strict),
  );
});

describe('An amount', () => {
  it.each([
    ['1 234 567,89', '1234567.89'],
    ['R$ 1.234,56', '1234.56'],
    ['R$1.234,56-', '-1234.56'],
    ['-R$ 1.234,56', '-1234.56'],
    ['(R$ 1.234,56)', '-1234.56'],
    ['( 1.234,56 )', '-1234.56'],
    ['\u22121,50', '-1.50'],
    ['1.234,56 -', '-1234.56'],
    ['1.234,56+', '1234.56'],
    ['R$ -', '0.00'],
    ['-0,00', '0.00'],
  ])('%s is %s', (text, strict) => expect(amountForm.toStrict(text, brazilian)).toBe(strict));

  it.each(['10 20', '1 2', '1R$2', '1234 567,00', '1 234 56', '-5-', '-(5)', '5,00 D', '5,00C', 'US$ 5,00', '-', '5%', '1.23,45', '12.34.567'])(
    '%s is none: nothing is put together',
    (text) => expect(amountForm.toStrict(text, brazilian)).toBe(text),
  ); // prettier-ignore
});

describe('A whole number', () => {
  it.each([
    ['1.000', ',', '1000'],
    ['1,000', '.', '1000'],
    ['1,000', ',', '1'],
    ['1.000', '.', '1'],
    ['1.500', ',', '1500'],
    ['1.500', '.', '1.50'],
    ['012,00', ',', '12'],
    ['3.0', ',', '3'],
    ['1.000,00', ',', '1000'],
    ['R$ 3', ',', 'R$ 3'],
  ] as const)('%s beside a decimal %s is %s', (text, decimal, strict) =>
    expect(integerForm.toStrict(text, { ...brazilian, decimal })).toBe(strict),
  );

  it('with three digits after one sign has two readings', () => {
    expect(integerForm.clues?.('1.000')).toEqual(['amount-doubt']);
    expect(integerForm.clues?.('3.0')).toEqual([]);
  });
});

describe('A day', () => {
  const digits = Array.from({ length: 31 }, (_, at) => String(at + 1).padStart(2, '0'));
  it.each(digits)('the %sth of each month is read without marks, whichever comes first', (day) => {
    for (const month of ['01', '03', '05', '07', '08', '10', '12']) {
      for (const year of ['1920', '1980', '2012', '2026']) {
        expect(dayForm.toStrict(`${day}${month}${year}`, brazilian)).toBe(`${year}-${month}-${day}`);
        expect(dayForm.toStrict(`${year}${month}${day}`, brazilian)).toBe(`${year}-${month}-${day}`);
      }
    }
  });

  it.each([
    ['03-ABR-2025', '2025-04-03'],
    ['3/fev/2025', '2025-02-03'],
    ['03-DEC-2025', '2025-12-03'],
    ['3 de março de 2025', '2025-03-03'],
    ['03 set. 2025', '2025-09-03'],
    ['31/12/2025 0:00', '2025-12-31'],
    ['2025-04-03 00:00:00.000', '2025-04-03'],
  ])('%s is %s', (text, strict) => expect(dayForm.toStrict(text, brazilian)).toBe(strict));

  it.each(['03-ABX-2025', '31-abr-2025', '03-ABR-25', '45000', '31/12/25', '2025-04-03 13:45:00', '1022026', '29/02/2025'])(
    '%s is none',
    (text) => expect(dayForm.toStrict(text, brazilian)).toBe(text),
  ); // prettier-ignore
});

describe('An instant', () => {
  it.each([
    ['2026-01-31-10.15.30.123456', '2026-01-31T10:15:30.123456-03:00'],
    ['20260131101530', '2026-01-31T10:15:30-03:00'],
    ['31012026101530', '2026-01-31T10:15:30-03:00'],
    ['20260131 101530', '2026-01-31T10:15:30-03:00'],
    ['31/01/2026 9:30', '2026-01-31T09:30:00-03:00'],
    ['31-JAN-2026 09:30:00,5', '2026-01-31T09:30:00.5-03:00'],
    ['2026-01-31 10:15:30 -0200', '2026-01-31T10:15:30-02:00'],
    ['2026-01-31T10:15:30+00', '2026-01-31T10:15:30+00:00'],
    ['2026-01-31 10:15 UTC', '2026-01-31T10:15:00Z'],
  ])('%s is %s', (text, strict) => expect(instantForm.toStrict(text, brazilian)).toBe(strict));

  it.each(['PENDENTE', 'ABCDEFGHIJ', '99999999', '31/02/2026x'])('%s tells nothing of the clocks of its file', (text) =>
    expect(instantForm.clues?.(text)).toEqual([]),
  );

  it.each(['31/01/2026 9:30 PM', '31/01/2026 9h30', '202601311015', '2026-01-31T10:15:30.1234567Z'])(
    '%s is none',
    (text) => expect(instantForm.toStrict(text, brazilian)).toBe(text),
  );
});
