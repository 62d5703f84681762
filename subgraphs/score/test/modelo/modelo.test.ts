import { formatDinheiro } from '@pessoa/domain/dinheiro';
import type { Faixa, Fator, Modelo } from '../../src/modelo/modelo.ts';
import { modelos, versoes } from '../../src/modelo/modelos.ts';
import { faixaOf, limitScore, probabilidadeInadimplenciaOf } from '../../src/modelo/scale.ts';

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

describe.each(versoes)('The score table of %s', (version) => {
  const modelo = modelos[version];
  const { pontos: refPontos, odds: refOdds, pointsPerDoubling } = modelo.scale;
  const fatores = modelo.fatores.map((fator) => [fator.codigo, fator] as const);

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
});

const fatorOf = ({ fatores }: Modelo, codigo: string): Fator => fatores.find((fator) => fator.codigo === codigo)!;

describe('The score table of pessoa-2026.1', () => {
  const modelo = modelos['pessoa-2026.1'];
  const fatores = modelo.fatores.map((fator) => [fator.codigo, fator] as const);

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
      const fator = fatorOf(modelo, codigo);
      expect(Math.min(...fator.faixas.map(({ pontos }) => pontos))).toBeGreaterThan(fator.missingBin.pontos);
    },
  );

  it('gives more points for a missing income than for no income, and fewer than for any income', () => {
    const renda = fatorOf(modelo, 'RENDA_MENSAL');
    const [noIncome, lowestIncome] = renda.faixas;
    expect(renda.missingBin.pontos).toBeGreaterThan(noIncome!.pontos);
    expect(renda.missingBin.pontos).toBeLessThan(lowestIncome!.pontos);
  });
});

describe('The score table of pessoa-2026.2', () => {
  const modelo = modelos['pessoa-2026.2'];
  const first = modelos['pessoa-2026.1'];
  const spreadOf = (fator: Fator) => Math.max(...pontosDe(fator)) - Math.min(...pontosDe(fator));

  it('counts time at the source without age, and worth without the number of kinds of assets', () => {
    expect(modelo.fatores.map(({ codigo }) => codigo)).toEqual(['RENDA_MENSAL', 'ESTABILIDADE', 'PATRIMONIO_LIQUIDO', 'ENDERECO']); // prettier-ignore
  });

  it('gives its best bin of time and of worth to somebody of 25, whom the first version does not', () => {
    const lastFrom = (fator: Fator, group?: string) => fator.faixas.filter((faixa) => faixa.group === group).at(-1)!.from; // prettier-ignore
    expect(lastFrom(fatorOf(modelo, 'ESTABILIDADE'), 'comprovada')).toBeLessThanOrEqual((25n - 18n) * 12n);
    expect(lastFrom(fatorOf(first, 'ESTABILIDADE'), 'comprovada')).toBeGreaterThan((25n - 18n) * 12n);
  });

  it('puts a missing income between a low one and a usual one', () => {
    const { missingBin, faixas } = fatorOf(modelo, 'RENDA_MENSAL');
    const pontosFrom = (from: bigint) => faixas.find((faixa) => faixa.from === from)!.pontos;
    expect(missingBin.pontos).toBeGreaterThan(pontosFrom(1n));
    expect(missingBin.pontos).toBeLessThan(pontosFrom(1_000_00n));
  });

  it('puts a missing time just below every known one, so that a raise never costs points', () => {
    const { missingBin, faixas } = fatorOf(modelo, 'ESTABILIDADE');
    const least = Math.min(...faixas.map(({ pontos }) => pontos));
    expect(missingBin.pontos).toBeLessThan(least);
    expect(least - missingBin.pontos).toBeLessThanOrEqual(10);
  });

  it('says of somebody of whom nothing is known a chance above the population’s and below one half', () => {
    const pontos = modelo.fatores.reduce((sum, { missingBin }) => sum + missingBin.pontos, modelo.pontosBase);
    const chance = Number(probabilidadeInadimplenciaOf(modelo, pontos));
    expect(chance).toBeGreaterThan(1 / (1 + modelo.populationOdds));
    expect(chance).toBeLessThan(0.5);
    const before = first.fatores.reduce((sum, { missingBin }) => sum + missingBin.pontos, first.pontosBase);
    expect(Number(probabilidadeInadimplenciaOf(first, before))).toBeGreaterThan(0.75);
  });

  it('gives income the most weight, and the address the least', () => {
    const [most, ...others] = modelo.fatores.map((fator) => [fator.codigo, spreadOf(fator)] as const).toSorted(([, a], [, b]) => b - a); // prettier-ignore
    expect([most![0], others.at(-1)![0]]).toEqual(['RENDA_MENSAL', 'ENDERECO']);
  });
});

describe.each(versoes)('The scale of %s', (version) => {
  const modelo = modelos[version];

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
    expect(faixaOf(modelo, valor)).toBe(faixa);
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
    expect(probabilidadeInadimplenciaOf(modelo, valor)).toBe(probabilidade);
  });

  it('has no chance of default near a rounding edge, so every machine gives the same text', () => {
    for (let valor = 0; valor <= 1000; valor++) {
      const places = 10_000 / (1 + 2 ** ((valor - 360) / 85));
      expect(Math.abs(places - Math.floor(places) - 0.5)).toBeGreaterThan(1e-6);
    }
  });
});
