import { readDinheiro } from '@pessoa/domain/dinheiro';
import { sdlEnum } from '@pessoa/operations/import/sdl-enums';
import { credores } from '../../../src/seed/population/credores.ts';
import { HOJE, people, share } from './sample.ts';

describe('debts of a fictitious population', () => {
  const dividas = people.flatMap(({ baseA }) => baseA.divida);
  const shareOfDebts = (has: (divida: (typeof dividas)[number]) => boolean): number =>
    dividas.filter(has).length / dividas.length;
  const fiveYearsAgo = '2021-11-22';

  it('belong to about a third of the people', () => {
    expect(share(({ baseA }) => baseA.divida.length > 0)).toBeCloseTo(0.35, 1);
  });

  it('are of every kind that the law distinguishes', () => {
    expect(shareOfDebts(({ vencimento }) => vencimento < fiveYearsAgo)).toBeGreaterThan(0.08);
    expect(shareOfDebts(({ dataComunicacao }) => dataComunicacao === null)).toBeGreaterThan(0.02);
    expect(
      shareOfDebts(({ dataComunicacao, dataInclusao }) => dataComunicacao !== null && dataComunicacao > dataInclusao),
    ).toBeGreaterThan(0.02);
    for (const situacao of sdlEnum('SituacaoDivida'))
      expect([situacao, shareOfDebts((divida) => divida.situacao === situacao) > 0.01]).toEqual([situacao, true]);
  });

  it('fell due before their inclusion, and were included before today', () => {
    for (const { vencimento, dataInclusao, dataComunicacao } of dividas) {
      expect(vencimento < dataInclusao && dataInclusao < HOJE).toBe(true);
      expect(dataComunicacao === null || dataComunicacao <= HOJE).toBe(true);
    }
  });

  it('have a creditor of the catalogue and a positive amount', () => {
    const ids = new Set(credores.map(({ id }) => id));
    for (const { credorId, valorOriginal, valorAtualizado } of dividas) {
      expect(ids.has(credorId)).toBe(true);
      expect(readDinheiro(valorOriginal)).toBeGreaterThan(0n);
      if (valorAtualizado !== null)
        expect(readDinheiro(valorAtualizado)).toBeGreaterThanOrEqual(readDinheiro(valorOriginal) as bigint);
    }
  });
});
