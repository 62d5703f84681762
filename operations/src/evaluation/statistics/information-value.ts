import type { ScoredPerson } from '../scored-person.ts';
import { shareDifference, sum, Z95 } from './means.ts';

export interface BinValue {
  readonly faixaDoValor: string;
  readonly pontos: number;
  readonly people: number;
  readonly bad: number;
  /** ln of the odds of the bin over those of all: what these people would give the bin. */
  readonly woe: number;
}

export interface FactorValue {
  readonly codigo: string;
  /** Siddiqi's reading: below 0.02 says nothing, to 0.1 little, to 0.3 something, above much. */
  readonly informationValue: number;
  /** From the fewest points to the most. */
  readonly bins: readonly BinValue[];
  /**
   * Pairs of bins, the one with fewer points first, of which this one defaults less, by more than chance (95 %, by the number of
   * pairs): the points order people wrongly.
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
      bins: weighted,
      inversions: inversionsOf(weighted),
    };
  });
}

/** Neighbours by points, and those that are wrong beyond chance. Bonferroni's limit for the number of neighbours, by a normal tail. */
function inversionsOf(bins: readonly BinValue[]): [string, string][] {
  const limit = Math.sqrt(Z95 ** 2 + 2 * Math.log(Math.max(bins.length - 1, 1)));
  return bins.slice(1).flatMap((better, index): [string, string][] => {
    const worse = bins[index]!;
    const z = shareDifference({ of: better.bad, in: better.people }, { of: worse.bad, in: worse.people });
    return z > limit ? [[worse.faixaDoValor, better.faixaDoValor]] : [];
  });
}
