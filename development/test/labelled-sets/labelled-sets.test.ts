import { createHash } from 'node:crypto';
import { readCpf } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import {
  labelledPeople,
  type LabelledPerson,
  type LabelledSetName,
  labelledSetNames,
} from '../../src/labelled-sets/labelled-sets.ts';
import { expectedAuc } from '../../src/labelled-sets/known-auc.ts';
import { ageGroups, AVERAGE_CHANCE } from '../../src/labelled-sets/published-figures.ts';
import { setFiles } from '../../src/labelled-sets/set-files.ts';
import { fictitiousPerson } from '../../src/seed/population/fictitious-person.ts';

const HOJE = '2026-11-29' as Data;
const PEOPLE = 2_000;
const sets = Object.fromEntries(labelledSetNames.map((name) => [name, labelledPeople(name, PEOPLE, HOJE)])) as Record<
  LabelledSetName,
  LabelledPerson[]
>;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const averageChance = (people: readonly LabelledPerson[]): number => mean(people.map(({ chance }) => chance));

/** The first 16 digits of the SHA-256 of the files: the sets were fixed before `pessoa-2026.2` was made. */
const FINGERPRINTS: Readonly<Record<LabelledSetName, string>> = {
  'known-auc': '5dc023cb1d612849',
  miscalibrated: '2777794e695ca8ab',
  'age-discrimination': '63cdeedad6de5960',
  'broken-assumptions': '5c99ab4c26f586bf',
};

describe.each(labelledSetNames)('The labelled set %s', (name) => {
  const people = sets[name];

  it('is the same whenever it is made, and as it was before the model that is measured on it', () => {
    const text = JSON.stringify(setFiles(people));
    expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(FINGERPRINTS[name]);
  });

  it('begins with the same people, however many are made', () => {
    expect(labelledPeople(name, 10, HOJE)).toEqual(people.slice(0, 10));
  });

  it('has people whose outcomes follow their chances', () => {
    const bad = people.filter(({ inadimplente }) => inadimplente).length;
    const expected = averageChance(people) * PEOPLE;
    const deviation = Math.sqrt(people.reduce((sum, { chance }) => sum + chance * (1 - chance), 0));
    expect(Math.abs(bad - expected)).toBeLessThan(3.5 * deviation);
  });

  it('has people of every age group, each once, and none of the demonstration or of another set', () => {
    for (const { from, to } of ageGroups)
      expect(people.filter(({ idade }) => idade >= from && idade <= to).length).toBeGreaterThan(100);
    const others = labelledSetNames.filter((other) => other !== name).flatMap((other) => sets[other]);
    const taken = new Set([...others.map(({ cpf }) => cpf), ...Array.from({ length: 1_000 }, (_, index) => fictitiousPerson(index, 2026, HOJE).cpf)]); // prettier-ignore
    expect(people.filter(({ cpf }) => taken.has(cpf) || readCpf(cpf) !== cpf)).toEqual([]);
    expect(new Set(people.map(({ cpf }) => cpf)).size).toBe(PEOPLE);
  });

  it('writes files that agree with each other', () => {
    const files = setFiles(people.slice(0, 50));
    const rowsOf = (file: string): string[][] => files[file]!.trimEnd().split('\n').map((line) => line.split(',')); // prettier-ignore
    const [header, ...labels] = rowsOf('labels.csv');
    expect(header).toEqual(['cpf', 'inadimplente']);
    expect(labels).toEqual(people.slice(0, 50).map(({ cpf, inadimplente }) => [cpf, inadimplente ? '1' : '0']));
    const known = new Set(rowsOf('pessoas.csv').map(([cpf]) => cpf));
    for (const file of ['bens.csv', 'rendas.csv'])
      for (const row of rowsOf(file).slice(1)) expect(known).toContain(row[1]);
    for (const file of Object.keys(files))
      for (const row of rowsOf(file)) expect(row).toHaveLength(rowsOf(file)[0]!.length);
  });
});

describe('What the sets say of themselves', () => {
  const chanceByAge = (name: LabelledSetName): number[] =>
    ageGroups.map(({ from, to }) => averageChance(sets[name].filter(({ idade }) => idade >= from && idade <= to)));

  it('known-auc and age-discrimination default as often as the score assumes of its population', () => {
    for (const name of ['known-auc', 'age-discrimination'] as const)
      expect(Math.abs(averageChance(sets[name]) - AVERAGE_CHANCE)).toBeLessThan(0.02);
  });

  it('miscalibrated has four times the odds of known-auc', () => {
    const odds = (chance: number): number => chance / (1 - chance);
    const [after, before] = [odds(averageChance(sets.miscalibrated)), odds(averageChance(sets['known-auc']))];
    // The average of chances is not the chance at average odds: less than four.
    expect(after / before).toBeGreaterThan(2.8);
    expect(after / before).toBeLessThan(4.2);
  });

  it('age-discrimination defaults alike at every age, and known-auc does not', () => {
    const spread = (chances: number[]): number => Math.max(...chances) - Math.min(...chances);
    expect(spread(chanceByAge('age-discrimination'))).toBeLessThan(0.035);
    expect(spread(chanceByAge('known-auc'))).toBeGreaterThan(0.06);
  });

  it('broken-assumptions has people with a high income, and without a known one, who break the order', () => {
    const people = sets['broken-assumptions'];
    const incomeOf = ({ perfil }: LabelledPerson) => Number(perfil.fontesDeRenda[0]?.valorCentavos ?? 0) / 100;
    const between = (from: number, to: number) =>
      averageChance(people.filter((person) => incomeOf(person) >= from && incomeOf(person) < to));
    expect(between(6_000, 1e9)).toBeGreaterThan(between(1_800, 2_800) + 0.05);
    expect(between(0, 1)).toBeLessThan(between(1_800, 2_800));
  });
});

describe('The expected AUC', () => {
  it('is the AUC itself where the chances are 0 and 1', () => {
    // Of the six pairs of a defaulter (1, 2 and 3 of score) and a payer (2 and 4): four are right, one wrong, one tied.
    const people = [
      { score: 1, chance: 1 },
      { score: 2, chance: 1 },
      { score: 3, chance: 1 },
      { score: 2, chance: 0 },
      { score: 4, chance: 0 },
    ];
    expect(expectedAuc(people)).toBeCloseTo((1 + 1 + 1 + 1 + 0 + 0.5) / 6, 12);
  });

  it('is one half for scores that say nothing', () => {
    const people = Array.from({ length: 100 }, (_, index) => ({ score: 7, chance: index / 100 }));
    expect(expectedAuc(people)).toBeCloseTo(0.5, 12);
  });

  it('of two people is the chance that the pair is in order, given that it is a pair', () => {
    const people = [
      { score: 1, chance: 0.8 },
      { score: 2, chance: 0.3 },
    ];
    const [right, wrong] = [0.8 * 0.7, 0.3 * 0.2];
    expect(expectedAuc(people)).toBeCloseTo(right / (right + wrong), 12);
  });
});
