import type { ScoredPerson } from '../scored-person.ts';
import { GROUP_MIN } from './groups.ts';
import { deviationLimit, LEVEL } from './limits.ts';
import { isComparable, shareDifference, sum } from './means.ts';

interface Bin {
  readonly faixaDoValor: string;
  readonly pontos: number;
  readonly people: number;
  readonly bad: number;
  /** ln of the odds of the bin over those of all: what these people would give the bin. */
  readonly woe: number;
}

/** A bin whose outcome can be shown, or null in its place. */
export type BinValue = Omit<Bin, 'bad' | 'woe'> & { readonly [Outcome in 'bad' | 'woe']: Bin[Outcome] | null };

export interface FactorValue {
  readonly codigo: string;
  /** Siddiqi's reading: below 0.02 says nothing, to 0.1 little, to 0.3 something, above much. */
  readonly informationValue: number;
  /** From the fewest points to the most. */
  readonly bins: readonly BinValue[];
  /** How many pairs of neighbouring bins have enough people to be compared. */
  readonly comparisons: number;
  /**
   * Pairs of bins, the one with fewer points first, of which this one defaults less, by more than chance (95 %, by the number of
   * comparisons): the points order people wrongly.
   */
  readonly inversions: readonly (readonly [string, string])[];
}

/** Half a person is added to each count: a bin without defaulters has a finite weight. */
const SMOOTHING = 0.5;

/** The information value of each factor, in the order of the first person's factors. @param people with defaulters and payers */
export function informationValues(people: readonly ScoredPerson[]): FactorValue[] {
  return (people[0]?.fatores ?? []).map(({ codigo }) => {
    const entries = people.flatMap(({ fatores, inadimplente }) => {
      const fator = fatores.find((each) => each.codigo === codigo);
      return fator ? [{ ...fator, inadimplente }] : [];
    });
    const bins = [...Map.groupBy(entries, ({ faixaDoValor }) => faixaDoValor).values()].map((bin) => ({
      faixaDoValor: bin[0]!.faixaDoValor,
      pontos: bin[0]!.pontos,
      people: bin.length,
      bad: bin.filter(({ inadimplente }) => inadimplente).length,
    }));
    const bad = sum(bins.map((bin) => bin.bad));
    const good = entries.length - bad;
    const shares = bins.map((bin) => ({
      ofBad: (bin.bad + SMOOTHING) / (bad + SMOOTHING * bins.length),
      ofGood: (bin.people - bin.bad + SMOOTHING) / (good + SMOOTHING * bins.length),
    }));
    const weighted = bins
      .map((bin, index) => ({ ...bin, woe: Math.log(shares[index]!.ofGood / shares[index]!.ofBad) }))
      .toSorted((a, b) => a.pontos - b.pontos);
    return {
      codigo,
      informationValue: sum(shares.map(({ ofBad, ofGood }) => (ofGood - ofBad) * Math.log(ofGood / ofBad))),
      bins: withoutFew(weighted),
      ...comparedBins(weighted),
    };
  });
}

/**
 * Leaves out the outcome of a bin of fewer than 30 people: it would be chance, and might show a person. The outcomes of all are known, and
 * the rest would tell a single hidden one: so the hidden bins have 30 people together.
 */
function withoutFew(bins: readonly Bin[]): BinValue[] {
  const hidden = new Set<Bin>();
  let hiddenPeople = 0;
  for (const bin of bins.toSorted((a, b) => a.people - b.people)) {
    if (bin.people >= GROUP_MIN && (hidden.size === 0 || hiddenPeople >= GROUP_MIN)) break;
    hidden.add(bin);
    hiddenPeople += bin.people;
  }
  return bins.map((bin) => (hidden.has(bin) ? { ...bin, bad: null, woe: null } : bin));
}

/** Neighbours by points among the bins of at least 30 people, and those whose order is wrong beyond chance. */
function comparedBins(bins: readonly Bin[]): Pick<FactorValue, 'comparisons' | 'inversions'> {
  const share = ({ bad, people }: Bin) => ({ of: bad, in: people });
  const large = bins.filter(({ people }) => people >= GROUP_MIN);
  const pairs = large
    .slice(1)
    .map((better, index) => ({ better, worse: large[index]! }))
    .filter(({ better, worse }) => isComparable(share(better), share(worse)));
  const limit = deviationLimit(LEVEL / Math.max(pairs.length, 1));
  return {
    comparisons: pairs.length,
    inversions: pairs
      .filter(({ better, worse }) => shareDifference(share(better), share(worse)) > limit)
      .map(({ better, worse }) => [worse.faixaDoValor, better.faixaDoValor]),
  };
}
