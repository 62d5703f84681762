import type { Data } from '@pessoa/domain/data';
import { brierScore, calibrationGroup } from '@pessoa/operations/evaluation/statistics/calibration';
import { fairnessByAge } from '@pessoa/operations/evaluation/statistics/fairness';
import { CUT_OFF_DEFAULT } from '@pessoa/operations/evaluation/report';
import type { Versao } from '@pessoa/score/modelo/modelo';
import { expectedAuc } from '../../src/labelled-sets/known-auc.ts';
import { type LabelledSetName, labelledSetNames } from '../../src/labelled-sets/labelled-sets.ts';
import { type ScoredLabelledPerson, scoredSet } from '../../src/labelled-sets/scored-set.ts';

const HOJE = '2026-11-29' as Data;
const PEOPLE = 4_000;
const FIRST = 'pessoa-2026.1';
const SECOND = 'pessoa-2026.2';

const scored = new Map<string, ScoredLabelledPerson[]>();
function peopleOf(name: LabelledSetName, version: Versao): ScoredLabelledPerson[] {
  const key = `${name} ${version}`;
  if (!scored.has(key)) scored.set(key, scoredSet(name, PEOPLE, HOJE, version));
  return scored.get(key)!;
}

const trueAuc = (people: readonly ScoredLabelledPerson[], scoreOf = ({ valor }: ScoredLabelledPerson) => valor) =>
  expectedAuc(people.map((person) => ({ score: scoreOf(person), chance: person.trueChance })));
const isMissing = (person: ScoredLabelledPerson, codigo: string): boolean =>
  person.fatores.some((fator) => fator.codigo === codigo && fator.faixaDoValor === 'SEM_INFORMACAO');
/** How far what the scores say of some people is from their true chance. */
function excess(people: readonly ScoredLabelledPerson[]): number {
  const { said } = calibrationGroup('', people);
  return said - people.reduce((sum, { trueChance }) => sum + trueChance, 0) / people.length;
}

describe('pessoa-2026.2 against pessoa-2026.1', () => {
  it.each(labelledSetNames)('orders the people of %s better: by their true chances, not by one draw of outcomes', (name) => {
    expect(trueAuc(peopleOf(name, SECOND))).toBeGreaterThan(trueAuc(peopleOf(name, FIRST)) + 0.005);
  }); // prettier-ignore

  it.each(['known-auc', 'age-discrimination'] as const)(
    'says chances that are nearer to the truth in %s, where one in five defaults as both versions assume',
    (name) => {
      expect(brierScore(peopleOf(name, SECOND))).toBeLessThan(brierScore(peopleOf(name, FIRST)) - 0.03);
      expect(Math.abs(excess(peopleOf(name, SECOND)))).toBeLessThan(0.05);
      expect(Math.abs(excess(peopleOf(name, FIRST)))).toBeGreaterThan(0.15);
    },
  );

  it('leaves out nothing that orders: the first version without age and kinds of assets orders as well as with them', () => {
    const people = peopleOf('known-auc', FIRST);
    const without = ({ fatores }: ScoredLabelledPerson) =>
      fatores.reduce((sum, { codigo, pontos }) => (['IDADE', 'DIVERSIDADE_DE_BENS'].includes(codigo) ? sum : sum + pontos), 0); // prettier-ignore
    expect(trueAuc(people, without)).toBeGreaterThan(trueAuc(people) - 0.004);
  });

  it('takes people of unknown income for what they are, where the first takes them for the poorest', () => {
    const unknown = (version: Versao) => peopleOf('known-auc', version).filter((person) => isMissing(person, 'RENDA_MENSAL')); // prettier-ignore
    expect(unknown(SECOND).length).toBeGreaterThan(500);
    expect(excess(unknown(FIRST))).toBeGreaterThan(0.3);
    expect(Math.abs(excess(unknown(SECOND)))).toBeLessThan(0.12);
  });

  it('takes thin files for what they are: nothing but a birth date and an address', () => {
    const isThin = (person: ScoredLabelledPerson) => ['RENDA_MENSAL', 'PATRIMONIO_LIQUIDO'].every((codigo) => isMissing(person, codigo)); // prettier-ignore
    const thin = (version: Versao) => peopleOf('known-auc', version).filter(isThin);
    expect(thin(SECOND).length).toBeGreaterThan(200);
    expect(excess(thin(FIRST))).toBeGreaterThan(0.4);
    expect(Math.abs(excess(thin(SECOND)))).toBeLessThan(0.15);
  });

  it.each(labelledSetNames)('approves the young of %s at least twice as often, in ratio to the best group', (name) => {
    const [first, second] = [FIRST, SECOND].map((version) => fairnessByAge(peopleOf(name, version as Versao), CUT_OFF_DEFAULT)[0]!); // prettier-ignore
    expect([first!.name, second!.name]).toEqual(['até 24 anos', 'até 24 anos']);
    expect(second!.approvalRatio).toBeGreaterThan(2 * first!.approvalRatio);
  });

  it('is as fair or fairer at equal approvals too: it does not only approve more', () => {
    for (const name of labelledSetNames) {
      const ratios = [FIRST, SECOND].map((version) => {
        const people = peopleOf(name, version as Versao);
        const cutOff = people.map(({ valor }) => valor).toSorted((a, b) => b - a)[PEOPLE / 2]!;
        return fairnessByAge(people, cutOff).find((group) => group.name === 'até 24 anos')!.approvalRatio;
      });
      expect(ratios[1]!).toBeGreaterThan(ratios[0]! + 0.05);
    }
  });
});
