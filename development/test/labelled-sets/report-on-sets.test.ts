import type { Data } from '@pessoa/domain/data';
import { findingsOf } from '@pessoa/operations/evaluation/findings';
import { reportPlots } from '@pessoa/operations/evaluation/plots/report-plots';
import { reportHtml } from '@pessoa/operations/evaluation/report-html';
import { CUT_OFF_DEFAULT, evaluate, type Report } from '@pessoa/operations/evaluation/report';
import type { ScoredPerson } from '@pessoa/operations/evaluation/scored-person';
import { expectedAuc } from '../../src/labelled-sets/known-auc.ts';
import { labelledSetNames } from '../../src/labelled-sets/labelled-sets.ts';
import { type ScoredLabelledPerson, scoredSet } from '../../src/labelled-sets/scored-set.ts';
import { Prng } from '../../src/seed/population/prng.ts';

const HOJE = '2026-11-29' as Data;
const PEOPLE = 4_000;
const sets = new Map(labelledSetNames.map((name) => [name, scoredSet(name, PEOPLE, HOJE, 'pessoa-2026.1')]));

const reportOn = (people: readonly ScoredPerson[], others?: readonly ScoredPerson[]): Report => {
  const answers = (each: readonly ScoredPerson[]) => ({ people: each, modelo: 'pessoa-2026.1', unknown: 0, invalid: 0, stale: 0 }); // prettier-ignore
  return evaluate(answers(people), CUT_OFF_DEFAULT, others && answers(others));
};
const codesOf = (report: Report): string[] => findingsOf(report).map(({ code }) => code);
const textsOf = (report: Report, code: string): string[] =>
  findingsOf(report)
    .filter((finding) => finding.code === code)
    .map(({ text }) => text);

describe('The report on', () => {
  it('known-auc has the true AUC of the score in its interval, and says that it orders', () => {
    const people = sets.get('known-auc')!;
    const truth = expectedAuc(people.map(({ valor, trueChance }) => ({ score: valor, chance: trueChance })));
    const report = reportOn(people);
    const { aucInterval } = report.discrimination;
    expect(truth).toBeGreaterThan(aucInterval.from);
    expect(truth).toBeLessThan(aucInterval.to);
    expect(aucInterval.to - aucInterval.from).toBeLessThan(0.06);
    expect(codesOf(report)).toContain('ORDENA');
  });

  it('known-auc, drawn a hundred times, has the true AUC in about 95 of the intervals', () => {
    const people = sets.get('known-auc')!.slice(0, 1_000);
    const truth = expectedAuc(people.map(({ valor, trueChance }) => ({ score: valor, chance: trueChance })));
    const hits = Array.from({ length: 100 }, (_, draw) => {
      const prng = new Prng(77, draw);
      const drawn = people.map((person) => ({ ...person, inadimplente: prng.chance(person.trueChance) }));
      const { from, to } = reportOn(drawn).discrimination.aucInterval;
      return from <= truth && truth <= to;
    }).filter(Boolean).length;
    expect(hits).toBeGreaterThanOrEqual(89);
    expect(hits).toBeLessThanOrEqual(100);
  });

  it('miscalibrated says so, and that the scores say too little; on outcomes drawn by the score’s own chances it does not', () => {
    const people = sets.get('miscalibrated')!;
    const report = reportOn(people);
    expect(codesOf(report)).toContain('DESCALIBRADO');
    expect(report.calibration.byDecile.inTheLarge).toBeGreaterThan(1.96);
    const prng = new Prng(5);
    const calibrated = reportOn(people.map((person) => ({ ...person, inadimplente: prng.chance(person.chance) })));
    expect(codesOf(calibrated)).toContain('CALIBRADO');
  });

  it('age-discrimination says that the score refuses the young without cause; on scores without age it does not', () => {
    const people = sets.get('age-discrimination')!;
    expect(textsOf(reportOn(people), 'DISCRIMINA_SEM_CAUSA')).toEqual(
      expect.arrayContaining([expect.stringContaining('discrimina até 24 anos sem causa')]),
    );
    const prng = new Prng(6);
    const shuffled = people.map((person) => ({ ...person, valor: people[prng.between(0, people.length - 1)]!.valor }));
    expect(codesOf(reportOn(shuffled))).toContain('APROVACAO_IGUAL');
  });

  it('broken-assumptions says that the score orders the wrong way, and which factors do', () => {
    const report = reportOn(sets.get('broken-assumptions')!);
    expect(codesOf(report)).toContain('ORDENA_AO_CONTRARIO');
    expect(textsOf(report, 'FATOR_FORA_DE_ORDEM')[0]).toMatch(/^RENDA_MENSAL ordena errado/);
  });

  it('one population against itself says that it is the same, and against another that it is not', () => {
    const people = sets.get('known-auc')!;
    expect(reportOn(people, people).stability!.index).toBeCloseTo(0, 12);
    expect(codesOf(reportOn(people, people))).toContain('POPULACAO_ESTAVEL');
    const young = people.filter(({ idade }) => idade !== null && idade < 25);
    expect(codesOf(reportOn(people, young))).toContain('POPULACAO_MUDOU');
  });

  it('fewer than ten defaulters is refused', () => {
    const payers = sets.get('known-auc')!.map((person) => ({ ...person, inadimplente: false }));
    expect(() => reportOn(payers)).toThrow(expect.objectContaining({ code: 'POUCAS_PESSOAS' }));
  });
});

describe('The fairness by age', () => {
  const people = sets.get('age-discrimination')!;

  it('has ratios against the best group, and calibration within each', () => {
    const { fairness } = reportOn(people);
    const best = Math.max(...fairness.map(({ approvalRate }) => approvalRate));
    for (const { approvalRate, approvalRatio, observed, interval } of fairness) {
      expect(approvalRatio).toBeCloseTo(approvalRate / best, 12);
      expect(interval.from).toBeLessThan(observed);
      expect(interval.to).toBeGreaterThan(observed);
    }
    expect(fairness.map(({ approvalRatio }) => approvalRatio)).toContain(1);
    const young = people.filter(({ idade }) => idade !== null && idade < 25);
    expect(fairness[0]).toMatchObject({
      name: 'até 24 anos',
      people: young.length,
      observed: young.filter(({ inadimplente }) => inadimplente).length / young.length,
      approvalRate: young.filter(({ valor }) => valor >= CUT_OFF_DEFAULT).length / young.length,
    });
  });

  it('has no group of fewer than thirty people, and nobody of unknown age', () => {
    const isYoung = ({ idade }: ScoredLabelledPerson) => idade !== null && idade < 25;
    const few = people.filter((person) => !isYoung(person)).concat(people.filter(isYoung).slice(0, 29));
    const { fairness } = reportOn(few);
    expect(fairness.map(({ name }) => name)).not.toContain('até 24 anos');
    const known = few.filter(({ idade }) => idade !== null).length - 29;
    expect(fairness.reduce((sum, group) => sum + group.people, 0)).toBe(known);
  });
});

describe('The page of a report', () => {
  const people = sets.get('known-auc')!;
  const report = reportOn(people, sets.get('age-discrimination')!);
  const plots = reportPlots(report);
  const html = reportHtml(report, plots);

  it('has each plot, described for who does not see it, and each table', () => {
    expect(Object.keys(plots)).toEqual(['roc', 'calibracao', 'ganhos', 'faixas', 'fatores', 'idade', 'psi']);
    for (const svg of Object.values(plots)) {
      expect(html).toContain(svg);
      expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
    for (const { codigo } of report.factors) expect(html).toContain(`<caption>${codigo}:`);
    for (const { name } of report.fairness) expect(html).toContain(`<td>${name}</td>`);
  });

  it('loads nothing, and holds no CPF', () => {
    expect(html).not.toMatch(/\bsrc=|href=|@import|url\(|<script/);
    expect(html).not.toMatch(/\b\d{11}\b/);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });
});
