import { type Clock, dayInSaoPaulo } from '@pessoa/domain/data';
import { type ModelScore, measuresOf, type PerfilMeasures, scoreMeasures } from '../modelo/score-perfil.ts';
import type { Perfil } from './perfil.ts';
import { readablePerfil } from './readable-perfil.ts';

export interface Score extends ModelScore {
  readonly calculadoEm: Date;
  readonly desatualizado: boolean;
  /** What the score was computed from. */
  readonly measures: PerfilMeasures;
}

/**
 * The score of a profile now, on today's day in São Paulo.
 *
 * @throws PublicError or ValueFault for an unreadable value that the score would depend on
 */
export function scoreOf(perfil: Perfil, clock: Clock): Score {
  const calculadoEm = clock.now();
  const hoje = dayInSaoPaulo(calculadoEm);
  const measures = measuresOf(readablePerfil(perfil, hoje), hoje);
  return { ...scoreMeasures(measures), calculadoEm, desatualizado: perfil.desatualizado, measures };
}
