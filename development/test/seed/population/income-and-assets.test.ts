import { readData, yearsBetween } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import type { FictitiousPerson } from '../../../src/seed/population/rows.ts';
import { HOJE, POPULATION_SIZE, people, share } from './sample.ts';

describe('income and assets of a fictitious population', () => {
  const worth = ({ baseB }: FictitiousPerson): number =>
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
  const income = ({ baseB }: FictitiousPerson): number =>
    baseB.fonteDeRenda.reduce(
      (sum, { valor, periodicidade }) => sum + Number(valor) * (perMonth[periodicidade] ?? 0),
      0,
    );
  const age = ({ baseB }: FictitiousPerson): number =>
    yearsBetween((readData(baseB.titular[0].nascimento) ?? HOJE) as Data, HOJE);
  const mean = (group: readonly FictitiousPerson[], value: (person: FictitiousPerson) => number): number =>
    group.reduce((sum, person) => sum + value(person), 0) / group.length;

  it('belong to people of 18 to 92 years, some of unknown age', () => {
    const peopleOfKnownAge = people.filter(({ baseB }) => baseB.titular[0].nascimento !== null);
    expect(peopleOfKnownAge.length).toBeLessThan(POPULATION_SIZE);
    for (const person of peopleOfKnownAge) expect(age(person) >= 18 && age(person) <= 92).toBe(true);
  });

  it('correlate: people with a higher income and older people own more', () => {
    const byIncome = people.toSorted((a, b) => income(a) - income(b));
    expect(mean(byIncome.slice(-POPULATION_SIZE / 4), worth)).toBeGreaterThan(
      2 * mean(byIncome.slice(0, POPULATION_SIZE / 4), worth),
    );
    const young = people.filter((person) => age(person) < 28);
    const mature = people.filter((person) => age(person) > 50);
    expect(mean(mature, worth)).toBeGreaterThan(1.5 * mean(young, worth));
  });

  it('are incomplete: some people have no income, and some assets no value', () => {
    expect(share(({ baseB }) => baseB.fonteDeRenda.length === 0)).toBeGreaterThan(0.03);
    expect(share(({ baseB }) => baseB.bem.some(({ valorEstimado }) => valorEstimado === null))).toBeGreaterThan(0.02);
  });
});
