import { addYears, centavos, day, instant, money, moneyOfCentavos, percent, plainMoney } from '../../../src/person-page/browser/format.js'; // prettier-ignore

describe('What people read on the page is written as in Brazil', () => {
  it.each([
    ['0.00', 'R$ 0,00'],
    ['999.90', 'R$ 999,90'],
    ['1234.56', 'R$ 1.234,56'],
    ['-33000.00', '−R$ 33.000,00'],
    ['1234567890123456789012345.67', 'R$ 1.234.567.890.123.456.789.012.345,67'],
    [null, '—'],
  ])('the amount %s as %s', (amount, shown) => {
    expect(money(amount)).toBe(shown);
  });

  it('centavos without a detour through floating point', () => {
    expect(moneyOfCentavos(centavos('90071992547409.93') + 1n)).toBe('R$ 90.071.992.547.409,94');
    expect(moneyOfCentavos(-5n)).toBe('−R$ 0,05');
    expect(plainMoney('-1.50')).toBe('-1,50');
  });

  it('days, instants in São Paulo, and chances', () => {
    expect(day('2026-01-10')).toBe('10/01/2026');
    expect(instant('2026-11-22T02:30:00Z')).toBe('21/11/2026 às 23:30');
    expect(percent('0.0584')).toBe('5,8%');
  });

  it('five years after 29 February is 28 February', () => {
    expect(addYears('2024-02-29', 5)).toBe('2029-02-28');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
    expect(addYears('2021-11-30', 5)).toBe('2026-11-30');
  });
});
