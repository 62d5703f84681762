import { findingsOf } from '../../src/evaluation/findings.ts';
import { reportPlots } from '../../src/evaluation/plots/report-plots.ts';
import { reportHtml } from '../../src/evaluation/report-html.ts';
import { evaluate, type Report } from '../../src/evaluation/report.ts';
import type { ScoredPerson } from '../../src/evaluation/scored-person.ts';

const CUT_OFF = 501;

interface Group {
  readonly people: number;
  readonly approved: number;
  readonly bad: number;
  readonly idade?: number | null;
  readonly faixaDoValor?: string;
}

/** People of one age and one bin. The first have the scores that pass; the last default. */
const group = ({ people, approved, bad, idade = null, faixaDoValor = 'sem renda' }: Group): ScoredPerson[] =>
  Array.from({ length: people }, (_, index) => ({
    inadimplente: index >= people - bad,
    valor: index < approved ? 700 : 300,
    faixa: index < approved ? 'BOM' : 'BAIXO',
    chance: bad / people,
    idade,
    fatores: [{ codigo: 'RENDA_MENSAL', faixaDoValor, pontos: faixaDoValor.length }],
  }));

const answers = (people: readonly ScoredPerson[], modelo = 'pessoa-2026.1') => ({ people, modelo, unknown: 0, invalid: 0, stale: 0 }); // prettier-ignore
const reportOn = (...groups: Group[]): Report => evaluate(answers(groups.flatMap(group)), CUT_OFF);
const codesOf = (report: Report): string[] => findingsOf(report).map(({ code }) => code);
const badCodesOf = (report: Report): string[] => findingsOf(report).filter(({ isGood }) => !isGood).map(({ code }) => code); // prettier-ignore
const pageOf = (report: Report): string => reportHtml(report, reportPlots(report));

describe('The approval by age', () => {
  const rest = { people: 100, approved: 50, bad: 20 };

  it.each<[string, Group[]]>([
    ['no group has thirty people', [rest, { people: 29, approved: 2, bad: 5, idade: 20 }]],
    ['one group has thirty people', [rest, { people: 60, approved: 2, bad: 5, idade: 20 }]],
    ['nobody passes', [{ ...rest, approved: 0, idade: 45 }, { people: 60, approved: 0, bad: 5, idade: 20 }]], // prettier-ignore
  ])('is not said to be equal when it was not measured: %s', (_, groups) => {
    const report = reportOn(...groups);
    expect(badCodesOf(report)).toContain('APROVACAO_NAO_MEDIDA');
    expect(codesOf(report)).not.toContain('APROVACAO_IGUAL');
    expect(pageOf(report)).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  const compare = (people: number, [young, old]: readonly [number, number], bad: readonly [number, number]) =>
    reportOn(
      { people, approved: young, bad: bad[0], idade: 20 },
      { people, approved: old, bad: bad[1], idade: 45 },
      rest,
    );

  it('below four fifths within chance is inconclusive: not equal, and no discrimination', () => {
    const codes = badCodesOf(compare(30, [9, 12], [6, 6]));
    expect(codes).toContain('APROVACAO_INCONCLUSIVA');
    expect(codes).not.toContain('DISCRIMINA_SEM_CAUSA');
  });

  it('below four fifths beyond chance is without cause when the group defaults alike, and uneven when it defaults more', () => {
    expect(codesOf(compare(300, [90, 120], [60, 60]))).toContain('DISCRIMINA_SEM_CAUSA');
    expect(codesOf(compare(300, [90, 120], [120, 60]))).toContain('APROVACAO_DESIGUAL');
    expect(codesOf(compare(300, [110, 120], [60, 60]))).toContain('APROVACAO_IGUAL');
  });

  it('has a higher limit for more groups', () => {
    // 35 and 50 of 100: 2.15 deviations, within the limit of five comparisons (2.58) and beyond that of one (1.96).
    const young = { people: 100, approved: 35, bad: 20, idade: 20 };
    const others = [27, 35, 45, 55, 65].map((idade) => ({ people: 100, approved: 50, bad: 20, idade }));
    expect(codesOf(reportOn(young, others[0]!))).toContain('DISCRIMINA_SEM_CAUSA');
    expect(codesOf(reportOn(young, ...others))).toContain('APROVACAO_INCONCLUSIVA');
  });
});

describe('The factors', () => {
  it('are not said to be in order when no two bins could be compared', () => {
    const report = reportOn({ people: 100, approved: 50, bad: 20 }, { people: 1, approved: 0, bad: 1, faixaDoValor: 'com muita renda' }); // prettier-ignore
    expect(badCodesOf(report)).toContain('FATORES_NAO_MEDIDOS');
    expect(codesOf(report)).not.toContain('FATORES_EM_ORDEM');
  });

  it('show no outcome of a person alone in a bin, on the page and in the JSON', () => {
    const report = reportOn(
      { people: 60, approved: 30, bad: 20, faixaDoValor: 'b' },
      { people: 40, approved: 20, bad: 8, faixaDoValor: 'a' },
      { people: 1, approved: 0, bad: 1, faixaDoValor: 'com uma pessoa' },
    );
    const { bins } = (JSON.parse(JSON.stringify(report)) as Report).factors[0]!;
    expect(bins.find(({ people }) => people === 1)).toMatchObject({ bad: null, woe: null });
    expect(pageOf(report)).toContain('<td>com uma pessoa</td><td>14</td><td>1</td><td>–</td><td>–</td>');
  });
});

describe('Another population', () => {
  const people = group({ people: 100, approved: 50, bad: 20 });

  it('of so few people that it differs by chance is inconclusive', () => {
    const few = [...group({ people: 4, approved: 4, bad: 0 }), ...group({ people: 2, approved: 0, bad: 1 })];
    const report = evaluate(answers(people), CUT_OFF, answers(few));
    expect(report.stability!.index).toBeGreaterThan(0.1);
    expect(badCodesOf(report)).toContain('POPULACAO_INCONCLUSIVA');
    const many = Array.from({ length: 50 }, () => few).flat();
    expect(codesOf(evaluate(answers(people), CUT_OFF, answers(many)))).toContain('POPULACAO_MUDOU');
  });

  it('scored by another version is refused', () => {
    expect(() => evaluate(answers(people), CUT_OFF, answers(people, 'pessoa-2026.2'))).toThrow(
      expect.objectContaining({ code: 'MODELO_MUDOU' }),
    );
  });
});

describe('The report', () => {
  it('has a dash for a share of nobody', () => {
    const report = reportOn({ people: 100, approved: 0, bad: 20 });
    expect(report.decision.badAmongApproved).toBeNull();
    expect(pageOf(report)).toContain('<td>não pagaram, dos que passam</td><td>–</td>');
    const nobodyPaid = reportOn({ people: 40, approved: 20, bad: 40, idade: 20 }, { people: 100, approved: 50, bad: 20, idade: 45 }); // prettier-ignore
    expect(pageOf(nobodyPaid)).not.toContain('NaN');
  });

  it('takes more people than a call has arguments', () => {
    const report = reportOn({ people: 160_000, approved: 10_000, bad: 30_000 });
    expect(report.calibration.byBand.groups.map(({ people }) => people)).toEqual([150_000, 10_000]);
    expect(report.gains[0]!.scores).toBe('300–300');
  });
});
