import type { Data } from '@pessoa/domain/data';
import { completedMonths, readableDayOf, readablePastDay } from '@pessoa/score/modelo/readable-values';
import type { Perfil } from '@pessoa/score/perfis/perfil';
import { idadeOf, readablePerfil } from '@pessoa/score/perfis/readable-perfil';
import type { Row, TableName } from './tables.ts';

const isFilled = (text: string | null | undefined): boolean => typeof text === 'string' && text.trim() !== '';

/**
 * The rows of one person in each table.
 *
 * @param key the pseudonym of the person
 * @param hoje the day in São Paulo up to which ages and months are counted
 * @throws PublicError or ValueFault for a value that the score could not use either
 */
export function trainingRowsOf(perfil: Perfil, key: string, hoje: Data): Readonly<Record<TableName, readonly Row[]>> {
  const { endereco, bens, fontesDeRenda } = readablePerfil(perfil, hoje);
  const monthsSince = (day: Data | undefined): number | null => (day ? completedMonths(day, hoje) : null);
  const isComplete = endereco ? [endereco.logradouro, endereco.numero, endereco.cep].every(isFilled) : null;
  return {
    pessoas: [
      [
        key,
        idadeOf(perfil, hoje),
        endereco?.uf ?? null,
        isComplete,
        monthsSince(readableDayOf(endereco?.atualizadoEm, hoje)),
      ],
    ],
    bens: bens.map((bem) => [
      key,
      bem.tipo,
      bem.valorEstimadoCentavos,
      monthsSince(readablePastDay(bem.dataAvaliacao, hoje)),
      bem.onerado,
      bem.saldoDevedorCentavos,
      bem.percentualPropriedade,
      bem.uf,
    ]),
    fontes_de_renda: fontesDeRenda.map((renda) => [
      key,
      renda.tipo,
      renda.valorCentavos,
      renda.periodicidade,
      monthsSince(readablePastDay(renda.desde, hoje)),
      renda.comprovada,
    ]),
  };
}
