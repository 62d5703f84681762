import type { Prng } from '../seed/population/prng.ts';
import { type AgeGroup, ageGroups, INCOME_SPREAD, INFORMAL_INCOME, MORTGAGED } from './published-figures.ts';

/** What is true of a person, whatever Base B knows of it. Money in reais. */
export interface Facts {
  readonly idade: number;
  readonly group: AgeGroup;
  readonly isInformal: boolean;
  /** A month. */
  readonly income: number;
  readonly monthsAtSource: number;
  readonly assets: readonly Asset[];
  readonly monthsAtAddress: number;
  /** What no base knows: how somebody deals with money. Mean 0, standard deviation 1. */
  readonly unseen: number;
}

export interface Asset {
  readonly tipo: 'IMOVEL' | 'VEICULO' | 'APLICACAO_FINANCEIRA' | 'OUTROS';
  readonly value: number;
  readonly balance: number;
}

export const worthOf = ({ assets }: Pick<Facts, 'assets'>): number =>
  assets.reduce((sum, { value, balance }) => sum + value - balance, 0);

/** Mean 0, standard deviation 1 (Box and Muller). */
function normal(prng: Prng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - prng.fraction()));
  return radius * Math.cos(2 * Math.PI * prng.fraction());
}

const exponential = (prng: Prng, mean: number): number => -mean * Math.log(1 - prng.fraction());

/**
 * The facts of a made-up person. Tenure is bounded by the years since 18, and assets take time and income: so the young have less of
 * both, whatever their risk. The kinds of assets come with the worth. Means of times are assumptions.
 */
export function factsOf(prng: Prng): Facts {
  const group = prng.weighted(ageGroups.map((each) => [each, each.millions] as const));
  const idade = prng.between(group.from, group.to);
  const isInformal = prng.chance(group.informal);
  const median = group.medianIncome * (isInformal ? INFORMAL_INCOME : 1);
  const income = median * Math.exp(INCOME_SPREAD * normal(prng));
  const monthsAtSource = Math.floor(Math.min(exponential(prng, isInformal ? 48 : 66), (idade - 17) * 12));
  return {
    idade,
    group,
    isInformal,
    income,
    monthsAtSource,
    assets: assetsOf(prng, group, income),
    monthsAtAddress: Math.floor(Math.min(exponential(prng, 30), 240)),
    unseen: normal(prng),
  };
}

function assetsOf(prng: Prng, { homeOwners }: AgeGroup, income: number): Asset[] {
  const assets: Asset[] = [];
  const means = Math.min(income / 3_000, 2);
  const add = (chance: number, tipo: Asset['tipo'], median: number, loan: number) => {
    if (!prng.chance(chance)) return;
    const value = Math.round(median * Math.exp(0.6 * normal(prng)));
    assets.push({ tipo, value, balance: prng.chance(loan) ? Math.round(value * prng.fraction() * 0.9) : 0 });
  };
  add(homeOwners * (0.7 + 0.3 * means), 'IMOVEL', 60_000 + 40 * income, MORTGAGED);
  add(0.12 + 0.2 * means, 'VEICULO', 12_000 + 5 * income, 0.35);
  add(0.08 + 0.15 * means, 'APLICACAO_FINANCEIRA', 2 * income, 0);
  add(0.04, 'OUTROS', income, 0);
  return assets;
}
