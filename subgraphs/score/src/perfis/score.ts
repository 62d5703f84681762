import { type Clock, dayInSaoPaulo } from '@pessoa/domain/data';
import type { Modelo } from '../modelo/modelo.ts';
import { type ModelScore, measuresOf, type PerfilMeasures, scoreMeasures } from '../modelo/score-perfil.ts';
import type { Perfil } from './perfil.ts';
import { readablePerfil } from './readable-perfil.ts';

export interface Score extends ModelScore {
  readonly calculadoEm: Date;
  readonly desatualizado: boolean;
  /** What the score was computed from. */
  readonly measures: PerfilMeasures;
}

/** Which model answers, and what else is done with what it measured. */
export interface Scoring {
  readonly modelo: Modelo;
  /** Called with each score that is computed. Must not throw. */
  readonly onScore?: (score: Score) => void;
}

/**
 * The score of a profile now, on today's day in São Paulo.
 *
 * @throws PublicError or ValueFault for an unreadable value that the score would depend on
 */
export function scoreOf(perfil: Perfil, clock: Clock, { modelo, onScore }: Scoring): Score {
  const calculadoEm = clock.now();
  const hoje = dayInSaoPaulo(calculadoEm);
  const measures = measuresOf(readablePerfil(perfil, hoje), hoje);
  const modelScore = scoreMeasures(modelo, measures);
  const score = { ...modelScore, calculadoEm, desatualizado: perfil.desatualizado, measures };
  onScore?.(score);
  return score;
}
