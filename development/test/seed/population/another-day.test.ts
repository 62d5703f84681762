import { addDays, daysBetween } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { fictitiousPerson } from '../../../src/seed/population/fictitious-person.ts';
import type { FictitiousPerson } from '../../../src/seed/population/rows.ts';
import { HOJE, SEED, dayOfInstant, people } from './sample.ts';

describe('a population of another day', () => {
  const LATER = '2027-03-01' as Data;
  const days = daysBetween(HOJE, LATER);
  const movedDay = (day: string | null): string | null => (day === null ? null : addDays(day as Data, days));

  it('has the same people, with every date moved', () => {
    for (let index = 0; index < 300; index++) {
      const before = people[index] as FictitiousPerson;
      const after = fictitiousPerson(index, SEED, LATER);
      expect(after.cpf).toBe(before.cpf);
      expect(after.baseA.pessoa).toEqual(before.baseA.pessoa);
      expect(after.baseA.divida).toEqual(
        before.baseA.divida.map((divida) => ({
          ...divida,
          vencimento: movedDay(divida.vencimento),
          dataInclusao: movedDay(divida.dataInclusao),
          dataComunicacao: movedDay(divida.dataComunicacao),
        })),
      );
      expect(after.baseB.bem).toEqual(
        before.baseB.bem.map((bem) => ({ ...bem, dataAvaliacao: movedDay(bem.dataAvaliacao) })),
      );
      expect(after.baseC.compraCartao.map(({ valor }) => valor)).toEqual(
        before.baseC.compraCartao.map(({ valor }) => valor),
      );
      expect(after.baseC.consulta.map(({ dataHora }) => dayOfInstant(dataHora))).toEqual(
        before.baseC.consulta.map(({ dataHora }) => movedDay(dayOfInstant(dataHora))),
      );
      if (before.baseC.movimentacao.length > 0) {
        const last = after.baseC.movimentacao.findLast(({ situacao }) => situacao !== 'LANCAMENTO_FUTURO');
        expect(daysBetween(dayOfInstant(last?.dataHora ?? ''), LATER)).toBeLessThanOrEqual(7);
      }
    }
  });
});
