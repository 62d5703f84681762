import type { Data } from '@pessoa/domain/data';
import { patrimonioLiquidoCentavos } from '../../src/modelo/patrimonio-liquido.ts';
import { idadeOn } from '../../src/modelo/readable-values.ts';
import { rendaMensalCentavos } from '../../src/modelo/renda-mensal.ts';

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

  it('is rounded once, after the sum of the incomes', () => {
    const anual = { valorCentavos: 1_006n, periodicidade: 'ANUAL' };
    expect(rendaMensalCentavos([anual])).toBe(83n);
    expect(rendaMensalCentavos([anual, anual])).toBe(167n);
  });

  it('leaves out unreadable incomes, and is undefined when all are unreadable', () => {
    const negativa = { valorCentavos: -1n, periodicidade: 'MENSAL' };
    const semPeriodo = { valorCentavos: 1_00n, periodicidade: 'toString' };
    expect(rendaMensalCentavos([negativa, { valorCentavos: 2_00n, periodicidade: 'MENSAL' }])).toBe(2_00n);
    expect(rendaMensalCentavos([negativa, semPeriodo])).toBeUndefined();
    const objeto = Object.create(null) as string;
    expect(rendaMensalCentavos([{ valorCentavos: 1_00n, periodicidade: objeto }])).toBeUndefined();
    expect(rendaMensalCentavos([])).toBeUndefined();
  });

  it('of zero is 0, not undefined', () => {
    expect(rendaMensalCentavos([{ valorCentavos: 0n, periodicidade: 'MENSAL' }])).toBe(0n);
  });
});

describe('The net worth', () => {
  it('counts the holder’s share of the asset and of the balance owed on it', () => {
    const casa = { valorEstimadoCentavos: 300_000_00n, saldoDevedorCentavos: 100_000_00n, percentualPropriedade: 50 };
    expect(patrimonioLiquidoCentavos([casa])).toBe(100_000_00n);
  });

  it('counts a missing balance as 0 and a missing share as 100', () => {
    expect(
      patrimonioLiquidoCentavos([
        { valorEstimadoCentavos: 7n, saldoDevedorCentavos: null, percentualPropriedade: null },
      ]),
    ).toBe(7n);
  });

  it('is rounded down once, after the sum, also below zero', () => {
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
  ])('is undefined, not zero and not negative, when no asset can be valued (case %#)', (bem) => {
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
    expect(idadeOn(day(nascimento), HOJE)).toBe(years);
  });

  it('of someone born on 29 February is completed on 1 March of a common year', () => {
    expect(idadeOn(day('2000-02-29'), day('2026-02-28'))).toBe(25);
    expect(idadeOn(day('2000-02-29'), day('2026-03-01'))).toBe(26);
  });
});
