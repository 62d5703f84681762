import type { Data } from '@pessoa/domain/data';
import { idade } from '../src/modelo/idade.ts';
import { patrimonioLiquidoCentavos } from '../src/modelo/patrimonio-liquido.ts';
import { rendaMensalCentavos } from '../src/modelo/renda-mensal.ts';

const HOJE = '2026-11-22' as Data;
const day = (text: string) => text as Data;

describe('The monthly income', () => {
  it.each([
    ['DIARIA', 2_100_00n],
    ['SEMANAL', 433_33n],
    ['QUINZENAL', 200_00n],
    ['MENSAL', 100_00n],
    ['BIMESTRAL', 50_00n],
    ['TRIMESTRAL', 33_33n],
    ['SEMESTRAL', 16_66n],
    ['ANUAL', 8_33n],
  ])('of R$ 100,00 %s is %i centavos', (periodicidade, mensal) => {
    expect(rendaMensalCentavos([{ valorCentavos: 100_00n, periodicidade }])).toBe(mensal);
  });

  it('is rounded once, after the sum of the sources', () => {
    const anual = { valorCentavos: 1_006n, periodicidade: 'ANUAL' };
    expect(rendaMensalCentavos([anual])).toBe(83n);
    expect(rendaMensalCentavos([anual, anual])).toBe(167n);
  });

  it('leaves out what cannot be read, and is unknown when nothing can', () => {
    const negativa = { valorCentavos: -1n, periodicidade: 'MENSAL' };
    const semPeriodo = { valorCentavos: 1_00n, periodicidade: 'toString' };
    expect(rendaMensalCentavos([negativa, { valorCentavos: 2_00n, periodicidade: 'MENSAL' }])).toBe(2_00n);
    expect(rendaMensalCentavos([negativa, semPeriodo])).toBeUndefined();
    const objeto = Object.create(null) as string;
    expect(rendaMensalCentavos([{ valorCentavos: 1_00n, periodicidade: objeto }])).toBeUndefined();
    expect(rendaMensalCentavos([])).toBeUndefined();
  });

  it('of zero is known, and is not missing', () => {
    expect(rendaMensalCentavos([{ valorCentavos: 0n, periodicidade: 'MENSAL' }])).toBe(0n);
  });
});

describe('The net worth', () => {
  it('counts the share of the holder in the asset and in what is owed on it', () => {
    const casa = { valorEstimadoCentavos: 300_000_00n, saldoDevedorCentavos: 100_000_00n, percentualPropriedade: 50 };
    expect(patrimonioLiquidoCentavos([casa])).toBe(100_000_00n);
  });

  it('takes a missing balance as nothing owed and a missing share as the whole', () => {
    expect(
      patrimonioLiquidoCentavos([
        { valorEstimadoCentavos: 7n, saldoDevedorCentavos: null, percentualPropriedade: null },
      ]),
    ).toBe(7n);
  });

  it('is rounded down once, after the sum, below zero too', () => {
    const meio = { valorEstimadoCentavos: 1n, percentualPropriedade: 50 };
    const meioNegativo = { valorEstimadoCentavos: 0n, saldoDevedorCentavos: 1n, percentualPropriedade: 50 };
    expect(patrimonioLiquidoCentavos([meio])).toBe(0n);
    expect(patrimonioLiquidoCentavos([meio, meio])).toBe(1n);
    expect(patrimonioLiquidoCentavos([meioNegativo])).toBe(-1n);
    expect(patrimonioLiquidoCentavos([meioNegativo, meioNegativo])).toBe(-1n);
    expect(patrimonioLiquidoCentavos([meio, meioNegativo])).toBe(0n);
  });

  it.each([
    [{ saldoDevedorCentavos: 50_000_00n }],
    [{ valorEstimadoCentavos: -1n }],
    [{ valorEstimadoCentavos: 10n ** 17n }],
    [{ valorEstimadoCentavos: 1n, saldoDevedorCentavos: -1n }],
    [{ valorEstimadoCentavos: 1n, percentualPropriedade: 0 }],
    [{ valorEstimadoCentavos: 1n, percentualPropriedade: 101 }],
    [{ valorEstimadoCentavos: 1n, percentualPropriedade: 50.5 }],
  ])('is unknown, not zero and not negative, when no asset can be valued (case %#)', (bem) => {
    expect(patrimonioLiquidoCentavos([bem])).toBeUndefined();
    expect(patrimonioLiquidoCentavos([bem, { valorEstimadoCentavos: 5n }])).toBe(5n);
  });
});

describe('The age', () => {
  it.each([
    ['2026-11-22', 0],
    ['2001-11-22', 25],
    ['2001-11-23', 24],
    ['1896-11-23', 129],
    ['1896-11-22', undefined],
    ['2026-11-23', undefined],
    ['2001-02-30', undefined],
  ])('of someone born on %s is %s', (nascimento, years) => {
    expect(idade(day(nascimento), HOJE)).toBe(years);
  });

  it('of someone born on 29 February is completed on 1 March of a common year', () => {
    expect(idade(day('2000-02-29'), day('2026-02-28'))).toBe(25);
    expect(idade(day('2000-02-29'), day('2026-03-01'))).toBe(26);
  });
});
