import { readData, yearsBetween } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import type { PessoaFicticia } from '../../../src/seed/populacao/rows.ts';
import { HOJE, N, people, share } from './sample.ts';

describe('income and assets of a fictitious population', () => {
  const worth = ({ baseB }: PessoaFicticia): number =>
    baseB.bem.reduce(
      (sum, { valorEstimado, saldoDevedor }) => sum + Number(valorEstimado ?? 0) - Number(saldoDevedor ?? 0),
      0,
    );
  const perMonth: Record<string, number> = {
    DIARIA: 22,
    SEMANAL: 4.33,
    QUINZENAL: 2,
    MENSAL: 1,
    TRIMESTRAL: 1 / 3,
    SEMESTRAL: 1 / 6,
    ANUAL: 1 / 12,
  };
  const income = ({ baseB }: PessoaFicticia): number =>
    baseB.fonteDeRenda.reduce(
      (sum, { valor, periodicidade }) => sum + Number(valor) * (perMonth[periodicidade] ?? 0),
      0,
    );
  const age = ({ baseB }: PessoaFicticia): number =>
    yearsBetween((readData(baseB.titular[0].nascimento) ?? HOJE) as Data, HOJE);
  const mean = (of: readonly PessoaFicticia[], value: (person: PessoaFicticia) => number): number =>
    of.reduce((sum, person) => sum + value(person), 0) / of.length;

  it('belong to adults of up to 92 years, some of unknown age', () => {
    const known = people.filter(({ baseB }) => baseB.titular[0].nascimento !== null);
    expect(known.length).toBeLessThan(N);
    for (const person of known) expect(age(person) >= 18 && age(person) <= 92).toBe(true);
  });

  it('go together: who earns more owns more, who is older owns more', () => {
    const byIncome = people.toSorted((a, b) => income(a) - income(b));
    expect(mean(byIncome.slice(-N / 4), worth)).toBeGreaterThan(2 * mean(byIncome.slice(0, N / 4), worth));
    const young = people.filter((person) => age(person) < 28);
    const mature = people.filter((person) => age(person) > 50);
    expect(mean(mature, worth)).toBeGreaterThan(1.5 * mean(young, worth));
  });

  it('are missing for some people, and for some assets', () => {
    expect(share(({ baseB }) => baseB.fonteDeRenda.length === 0)).toBeGreaterThan(0.03);
    expect(share(({ baseB }) => baseB.bem.some(({ valorEstimado }) => valorEstimado === null))).toBeGreaterThan(0.02);
  });
});
