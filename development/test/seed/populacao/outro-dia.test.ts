import { addDays, daysBetween } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { pessoa } from '../../../src/seed/populacao/pessoa.ts';
import type { PessoaFicticia } from '../../../src/seed/populacao/rows.ts';
import { HOJE, SEED, dayOfInstant, people } from './sample.ts';

describe('another day', () => {
  const LATER = '2027-03-01' as Data;
  const moved = daysBetween(HOJE, LATER);
  const movedText = (day: string | null): string | null => (day === null ? null : addDays(day as Data, moved));

  it('moves every date along and leaves the person as they are', () => {
    for (let index = 0; index < 300; index++) {
      const before = people[index] as PessoaFicticia;
      const after = pessoa(index, SEED, LATER);
      expect(after.cpf).toBe(before.cpf);
      expect(after.baseA.pessoa).toEqual(before.baseA.pessoa);
      expect(after.baseA.divida).toEqual(
        before.baseA.divida.map((divida) => ({
          ...divida,
          vencimento: movedText(divida.vencimento),
          dataInclusao: movedText(divida.dataInclusao),
          dataComunicacao: movedText(divida.dataComunicacao),
        })),
      );
      expect(after.baseB.bem).toEqual(
        before.baseB.bem.map((bem) => ({ ...bem, dataAvaliacao: movedText(bem.dataAvaliacao) })),
      );
      expect(after.baseC.compraCartao.map(({ valor }) => valor)).toEqual(
        before.baseC.compraCartao.map(({ valor }) => valor),
      );
      expect(after.baseC.consulta.map(({ dataHora }) => dayOfInstant(dataHora))).toEqual(
        before.baseC.consulta.map(({ dataHora }) => movedText(dayOfInstant(dataHora))),
      );
      if (before.baseC.movimentacao.length > 0) {
        const last = after.baseC.movimentacao.findLast(({ situacao }) => situacao !== 'LANCAMENTO_FUTURO');
        expect(daysBetween(dayOfInstant(last?.dataHora ?? ''), LATER)).toBeLessThanOrEqual(7);
      }
    }
  });
});
