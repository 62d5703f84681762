import { type Clock, dayInSaoPaulo } from '@pessoa/domain/data';
import { type Nota, pontuar } from '../modelo/pontuar.ts';
import type { Perfil } from './perfil.ts';
import { readablePerfil } from './readable-perfil.ts';

export interface Score extends Nota {
  readonly calculadoEm: Date;
  readonly desatualizado: boolean;
}

/**
 * The note of a profile now, on the day it is in São Paulo.
 * @throws PublicError, ValueFault where the base has something that the note is made of and cannot be
 */
export function scoreOf(perfil: Perfil, clock: Clock): Score {
  const calculadoEm = clock.now();
  const hoje = dayInSaoPaulo(calculadoEm);
  return { ...pontuar(readablePerfil(perfil, hoje), hoje), calculadoEm, desatualizado: perfil.desatualizado };
}
