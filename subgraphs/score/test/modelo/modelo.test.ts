import { formatDinheiro } from '@pessoa/domain/dinheiro';
import { type Faixa, type Fator, modelo } from '../../src/modelo/modelo.ts';
import { faixaOf, limitScore, probabilidadeInadimplenciaOf } from '../../src/modelo/scale.ts';

const { pontos: refPontos, odds: refOdds, pointsPerDoubling } = modelo.scale;
const fatores = modelo.fatores.map((fator) => [fator.codigo, fator] as const);
const pontosDe = (fator: Fator): number[] => [fator.missingBin.pontos, ...fator.faixas.map(({ pontos }) => pontos)];
const byGroup = (fator: Fator): Faixa[][] =>
  Object.values(Object.groupBy(fator.faixas, ({ group }) => group ?? '')).map((faixas) => faixas!);

const reais = (centavos: bigint): string =>
  `R$ ${formatDinheiro(centavos)
    .replace('.', ',')
    .replace(/\B(?=(\d{3})+(?!\d))(?<!,.*)/g, '.')}`;
const tempo = (meses: bigint): string => {
  if (meses % 12n !== 0n) return `${meses} meses`;
  return meses === 12n ? '1 ano' : `${meses / 12n} anos`;
};
const quantidade = { tipos: (n: bigint) => `${n} ${n === 1n ? 'tipo' : 'tipos'}`, anos: (n: bigint) => `${n} anos` };

/** The label that the bounds of a bin require. */
function labelOf({ unit }: Fator, { group, from }: Faixa, next: bigint | undefined): string {
  if (from === null) return 'negativo';
  const prefix = group ? `${group}, ` : '';
  switch (unit) {
    case 'centavos':
      if (next === 1n) return 'sem renda';
      return next === undefined ? `${reais(from)} ou mais` : `de ${reais(from)} a ${reais(next - 1n)}`;
    case 'meses':
      if (next === undefined) return `${prefix}${tempo(from)} ou mais`;
      return from === 0n ? `${prefix}menos de ${tempo(next)}` : `${prefix}de ${tempo(from)} a menos de ${tempo(next)}`;
    case 'tipos':
      return next === undefined ? `${quantidade.tipos(from)} ou mais` : quantidade.tipos(from);
    case 'anos':
      if (next === undefined) return `${quantidade.anos(from)} ou mais`;
      return from === 0n ? `até ${quantidade.anos(next - 1n)}` : `de ${from} a ${quantidade.anos(next - 1n)}`;
  }
}

describe('The score table', () => {
  it('starts from the score at the odds of the population', () => {
    const doublings = Math.log2(modelo.populationOdds / refOdds);
    expect(modelo.pontosBase).toBe(refPontos + pointsPerDoubling * doublings);
  });

  it.each(fatores)('gives %s the points that follow from its weights of evidence', (_codigo, fator) => {
    const expectedPontos = [fator.missingBin, ...fator.faixas].map(
      ({ woe }) => Math.round((pointsPerDoubling / Math.LN2) * fator.beta * woe) + 0,
    );
    expect(pontosDe(fator)).toEqual(expectedPontos);
  });

  it.each(fatores)(
    'has the bins of %s in ascending order, without a gap at zero and without equal points',
    (_codigo, fator) => {
      for (const faixas of byGroup(fator)) {
        const bounds = faixas.map(({ from }) => from ?? -1n);
        expect(bounds).toEqual(bounds.toSorted((a, b) => (a < b ? -1 : 1)));
        expect(bounds[0]! <= (fator.unit === 'tipos' ? 1n : 0n)).toBe(true);
      }
      expect(new Set(pontosDe(fator)).size).toBe(fator.faixas.length + 1);
    },
  );

  it.each(fatores)('names the bounds in the label of every bin of %s', (_codigo, fator) => {
    for (const faixas of byGroup(fator)) {
      const expected = faixas.map((faixa, index) => labelOf(fator, faixa, faixas[index + 1]?.from ?? undefined));
      expect(faixas.map(({ faixaDoValor }) => faixaDoValor)).toEqual(expected);
    }
  });

  it.each(fatores)('gives more points for more of %s, and fewer for an older address', (codigo, fator) => {
    for (const faixas of byGroup(fator)) {
      const pontos = faixas.map((faixa) => faixa.pontos);
      expect(pontos).toEqual(pontos.toSorted((a, b) => (codigo === 'ENDERECO' ? b - a : a - b)));
    }
  });

  it('gives age the least weight of all factors', () => {
    const spread = Object.fromEntries(
      fatores.map(([codigo, fator]) => [codigo, Math.max(...pontosDe(fator)) - Math.min(...pontosDe(fator))]),
    );
    const { IDADE, ...others } = spread;
    expect(IDADE! * 3).toBeLessThanOrEqual(Math.min(...Object.values(others)));
  });

  it.each(['ESTABILIDADE', 'DIVERSIDADE_DE_BENS', 'ENDERECO'])(
    'never gives fewer points for a known %s than for a missing one',
    (codigo) => {
      const fator = modelo.fatores.find((each) => each.codigo === codigo)!;
      expect(Math.min(...fator.faixas.map(({ pontos }) => pontos))).toBeGreaterThan(fator.missingBin.pontos);
    },
  );

  it('gives more points for a missing income than for no income, and fewer than for any income', () => {
    const renda = modelo.fatores.find(({ codigo }) => codigo === 'RENDA_MENSAL')!;
    const [noIncome, lowestIncome] = renda.faixas;
    expect(renda.missingBin.pontos).toBeGreaterThan(noIncome!.pontos);
    expect(renda.missingBin.pontos).toBeLessThan(lowestIncome!.pontos);
  });
});

describe('The scale', () => {
  it.each([
    [0, 'BAIXO'],
    [300, 'BAIXO'],
    [301, 'REGULAR'],
    [500, 'REGULAR'],
    [501, 'BOM'],
    [700, 'BOM'],
    [701, 'EXCELENTE'],
    [1000, 'EXCELENTE'],
  ])('puts %i in the band %s', (valor, faixa) => {
    expect(faixaOf(valor)).toBe(faixa);
  });

  it.each([
    [-1, 0],
    [0, 0],
    [1000, 1000],
    [1001, 1000],
  ])('limits %i to %i', (valor, limited) => {
    expect(limitScore(valor)).toBe(limited);
  });

  it.each([
    [360, '0.5000'],
    [445, '0.3333'],
    [530, '0.2000'],
    [700, '0.0588'],
    [375, '0.4695'],
    [525, '0.2066'],
    [618, '0.1087'],
    [718, '0.0512'],
  ])('implies at %i a chance of default of %s', (valor, probabilidade) => {
    expect(probabilidadeInadimplenciaOf(valor)).toBe(probabilidade);
  });

  it('has no chance of default near a rounding edge, so every machine gives the same text', () => {
    for (let valor = 0; valor <= 1000; valor++) {
      const places = 10_000 / (1 + 2 ** ((valor - 360) / 85));
      expect(Math.abs(places - Math.floor(places) - 0.5)).toBeGreaterThan(1e-6);
    }
  });
});
