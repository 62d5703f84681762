import { type Clock, dayInSaoPaulo } from '@pessoa/domain/data';
import { type Nota, pontuar } from '../modelo/pontuar.ts';
import type { Perfil } from './perfil.ts';

export interface Score extends Nota {
  readonly calculadoEm: Date;
  readonly desatualizado: boolean;
}

/** The note of a profile now, on the day it is in São Paulo. */
export function scoreOf(perfil: Perfil, clock: Clock): Score {
  const calculadoEm = clock.now();
  return { ...pontuar(perfil, dayInSaoPaulo(calculadoEm)), calculadoEm, desatualizado: perfil.desatualizado };
}
