import { timelineSpan } from '../../../src/person-page/browser/debts-view.js';
import { sumByMonth } from '../../../src/person-page/browser/months.js';

const posting = (dataHora: string, valor: string, natureza = 'DEBITO', situacao = 'TRANSACAO_EFETIVADA') => ({ dataHora, valor, natureza, situacao }); // prettier-ignore

describe('The bars of the months', () => {
  const postings = [
    posting('2026-11-02T12:00:00Z', '10.50', 'CREDITO'),
    posting('2026-11-01T02:00:00Z', '1.00'), // still October in São Paulo
    null,
    posting('2026-10-09T12:00:00Z', '99.00', 'DEBITO', 'LANCAMENTO_FUTURO'),
    posting('2026-08-09T12:00:00Z', '2.25'),
  ];

  it('are sums of what took effect, by month in São Paulo, without gaps', () => {
    expect(sumByMonth(postings, true, '2026-08-01')).toEqual([
      { month: '2026-08', entradas: 0n, saidas: 225n, isPartial: false },
      { month: '2026-09', entradas: 0n, saidas: 0n, isPartial: false },
      { month: '2026-10', entradas: 0n, saidas: 100n, isPartial: false },
      { month: '2026-11', entradas: 1050n, saidas: 0n, isPartial: false },
    ]);
  });

  it('mark the oldest month when older postings were not read', () => {
    expect(sumByMonth(postings, false, '2026-01-01').map(({ isPartial }) => isPartial)).toEqual([true, false, false, false]); // prettier-ignore
    expect(sumByMonth([], false, '2026-01-01')).toEqual([]);
  });

  it.each([
    ['2026-08-02', true],
    ['2026-08-01', false],
    ['2026-07-31', false],
  ])('mark the oldest month when its first days were not asked for: from %s %s', (from, isPartial) => {
    expect(sumByMonth(postings, true, from).map((month) => month.isPartial)).toEqual([isPartial, false, false, false]);
  });
});

it('The line of time spans all debts, today and the five years of each', () => {
  const span = timelineSpan([{ vencimento: '2024-05-10' }, { vencimento: '2019-01-31' }], '2026-11-22');
  expect([span.first, span.last]).toEqual([2019, 2030]);
});
