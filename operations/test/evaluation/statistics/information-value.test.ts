import { informationValues } from '../../../src/evaluation/statistics/information-value.ts';

describe('The information value', () => {
  const person = (faixaDoValor: string, pontos: number, inadimplente: boolean) => ({
    inadimplente,
    valor: 0,
    faixa: 'BAIXO',
    chance: 0,
    idade: null,
    fatores: [{ codigo: 'F', faixaDoValor, pontos }],
  });
  const bin = (name: string, pontos: number, bad: number, good: number) => [
    ...Array.from({ length: bad }, () => person(name, pontos, true)),
    ...Array.from({ length: good }, () => person(name, pontos, false)),
  ];

  it('sums the weights of the bins by the difference of their shares, half a person added to each count', () => {
    const [factor] = informationValues([...bin('low', -10, 30, 70), ...bin('high', 10, 10, 90)]);
    const [low, high] = [(70.5 / 161) / (30.5 / 41), (90.5 / 161) / (10.5 / 41)]; // prettier-ignore
    expect(factor!.bins.map(({ woe }) => woe)).toEqual([expect.closeTo(Math.log(low), 10), expect.closeTo(Math.log(high), 10)]); // prettier-ignore
    const value = (70.5 / 161 - 30.5 / 41) * Math.log(low) + (90.5 / 161 - 10.5 / 41) * Math.log(high);
    expect(factor!.informationValue).toBeCloseTo(value, 10);
    expect(factor!.inversions).toEqual([]);
  });

  it('of a factor that says nothing is 0', () => {
    const [factor] = informationValues([...bin('a', 1, 20, 80), ...bin('b', 2, 20, 80)]);
    expect(factor!.informationValue).toBeCloseTo(0, 10);
  });

  it('names neighbours whose order is wrong beyond chance, and not those within it', () => {
    const wrong = informationValues([...bin('less', 1, 10, 90), ...bin('more', 2, 40, 60)]);
    expect(wrong[0]!.inversions).toEqual([['less', 'more']]);
    const chance = informationValues([...bin('less', 1, 20, 80), ...bin('more', 2, 22, 78)]);
    expect(chance[0]!.inversions).toEqual([]);
  });

  it('compares no bin of fewer than thirty people, nor two in which fewer than five are expected on a side', () => {
    const one = informationValues([...bin('less', 1, 10, 190), ...bin('one', 2, 1, 0)]);
    expect(one[0]).toMatchObject({ comparisons: 0, inversions: [] });
    const rare = informationValues([...bin('less', 1, 0, 400), ...bin('more', 2, 3, 37)]);
    expect(rare[0]).toMatchObject({ comparisons: 0, inversions: [] });
    const around = informationValues([...bin('less', 1, 10, 90), ...bin('one', 2, 1, 0), ...bin('more', 3, 40, 60)]);
    expect(around[0]).toMatchObject({ comparisons: 1, inversions: [['less', 'more']] });
  });

  it('shows no outcome of a bin of fewer than thirty people, nor one that the others would tell', () => {
    const shown = (...sizes: number[]) =>
      informationValues(sizes.flatMap((size, index) => bin(String(index), index, 1, size - 1)))[0]!.bins.map(
        ({ people, bad, woe }) => [people, bad !== null, woe !== null],
      );
    expect(shown(30, 40, 50)).toEqual([[30, true, true], [40, true, true], [50, true, true]]); // prettier-ignore
    expect(shown(50, 29, 40)).toEqual([[50, true, true], [29, false, false], [40, false, false]]); // prettier-ignore
    expect(shown(50, 29, 1)).toEqual([[50, true, true], [29, false, false], [1, false, false]]); // prettier-ignore
    expect(shown(1, 40)).toEqual([[1, false, false], [40, false, false]]); // prettier-ignore
  });
});
