import { codeForm, cpfForm, instantForm, type Writing } from '../../src/import/sheet-forms.ts';

const brazilian: Writing = { decimal: ',', isDayFirst: true, fuso: 'America/Sao_Paulo' };

describe('A code of digits', () => {
  it.each([
    ['1310900', '01310900'],
    ['01310-900', '01310900'],
    ['000001310900', '01310900'],
    ['901310900', '901310900'],
    ['1x', '1X'],
  ])('%s of eight is %s: zeros are put back and taken away, other digits stay', (text, strict) =>
    expect(codeForm(8).strict(text, brazilian)).toBe(strict),
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
    expect(cpfForm.strict(text, brazilian)).toBe(strict),
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
    expect(instantForm.strict(text, brazilian)).toBe(strict),
  );
});
