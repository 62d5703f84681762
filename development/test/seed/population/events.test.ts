import { addDays, daysBetween } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { readDinheiro } from '@pessoa/domain/dinheiro';
import { wordsOf } from '@pessoa/domain/words';
import { HOJE, POPULATION_SIZE, dayOfInstant, people } from './sample.ts';

describe('the account of a fictitious person', () => {
  const active = people.filter(({ baseC }) => baseC.movimentacao.length > 0);

  it('is active for most people, and then has a posting in the last 30 days', () => {
    expect(active.length / POPULATION_SIZE).toBeGreaterThan(0.85);
    expect(active.length).toBeLessThan(POPULATION_SIZE);
    const from = addDays(HOJE, -30);
    for (const { baseC } of active) {
      const last = baseC.movimentacao.findLast(({ situacao }) => situacao !== 'LANCAMENTO_FUTURO');
      expect(dayOfInstant(last?.dataHora ?? '') >= from).toBe(true);
    }
  });

  it('has only scheduled postings after yesterday, and reaches back 180 days', () => {
    const postings = active.flatMap(({ baseC }) => baseC.movimentacao);
    const misplaced = postings.filter(({ dataHora, situacao }) => {
      const day = dayOfInstant(dataHora);
      return situacao === 'LANCAMENTO_FUTURO' ? day <= HOJE : day >= HOJE || daysBetween(day, HOJE) > 180;
    });
    expect(misplaced).toEqual([]);
    expect(postings.some(({ dataHora }) => daysBetween(dayOfInstant(dataHora), HOJE) > 170)).toBe(true);
  });

  it('has correct balances: each is the one before plus or minus the posting', () => {
    const wrong = active.filter(({ baseC }) => {
      let balance: bigint | undefined;
      let previousInstant = '';
      return baseC.movimentacao.some(({ dataHora, natureza, valor, saldoApos }) => {
        const backwards = dataHora < previousInstant;
        previousInstant = dataHora;
        if (saldoApos === null) return backwards;
        const amount = readDinheiro(valor) as bigint;
        const expected =
          balance === undefined
            ? readDinheiro(saldoApos)
            : natureza === 'CREDITO'
              ? balance + amount
              : balance - amount;
        balance = readDinheiro(saldoApos);
        return backwards || amount <= 0n || balance !== expected;
      });
    });
    expect(wrong).toEqual([]);
  });

  it('gets its salary on one day of the month, or the Friday before when that is a weekend', () => {
    const salaryDays = active.map(({ baseC }) =>
      baseC.movimentacao.filter(({ tipo }) => tipo === 'FOLHA_PAGAMENTO').map(({ dataHora }) => dayOfInstant(dataHora)),
    );
    const weekday = (day: Data): number => new Date(`${day}T00:00:00Z`).getUTCDay();
    /** The days of the month on which a salary that is paid on this day may be due. */
    const possibleDays = (day: Data): string[] =>
      (weekday(day) === 5 ? [0, 1, 2] : [0]).map((later) => addDays(day, later).slice(8));
    const irregular = salaryDays.filter((days) => {
      const [first, ...laterDays] = days.map(possibleDays);
      return first !== undefined && !first.some((dayOfMonth) => laterDays.every((other) => other.includes(dayOfMonth)));
    });
    expect(irregular).toEqual([]);
    expect(salaryDays.flat().filter((day) => weekday(day) === 0 || weekday(day) === 6)).toEqual([]);
    expect(salaryDays.flat().length).toBeGreaterThan(POPULATION_SIZE);
  });

  it('stores the words of description and counterpart as the search splits them', () => {
    const postings = active.slice(0, 300).flatMap(({ baseC }) => baseC.movimentacao);
    const split = ({ descricao, contraparte }: (typeof postings)[number]): string[] =>
      wordsOf(`${descricao ?? ''} ${contraparte ?? ''}`);
    expect(postings.map(({ palavras }) => palavras)).toEqual(postings.map(split));
  });
});

describe('card purchases and inquiries of a fictitious population', () => {
  it('have instalments exactly when they are on credit, and each merchant has one category', () => {
    const purchases = people.flatMap(({ baseC }) => baseC.compraCartao);
    const categories = new Map(purchases.map(({ estabelecimento, mcc }) => [estabelecimento, mcc]));
    const wrong = purchases.filter(
      ({ estabelecimento, mcc, parcelas, formaPagamento, finalCartao }) =>
        formaPagamento !== (parcelas > 1 ? 'A_PRAZO' : 'A_VISTA') ||
        parcelas < 1 ||
        parcelas > 12 ||
        !/^\d{4}$/.test(finalCartao) ||
        categories.get(estabelecimento) !== mcc,
    );
    expect(wrong).toEqual([]);
    expect(purchases.some(({ parcelas }) => parcelas > 1)).toBe(true);
  });

  it('have the purpose of the holder exactly when the holder asks', () => {
    const inquiries = people.flatMap(({ baseC }) => baseC.consulta);
    const wrong = inquiries.filter(
      ({ peloTitular, finalidade, dataHora }) =>
        (finalidade === 'CONSULTA_DO_TITULAR') !== peloTitular || dayOfInstant(dataHora) >= HOJE,
    );
    expect(wrong).toEqual([]);
    expect(inquiries.filter(({ peloTitular }) => peloTitular).length / inquiries.length).toBeCloseTo(0.15, 1);
  });
});
