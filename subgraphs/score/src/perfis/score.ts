import { type Clock, dayInSaoPaulo } from '@pessoa/domain/data';
import { type Nota, pontuar } from '../modelo/pontuar.ts';
import { allReadable, type Perfil } from './perfil.ts';

export interface Score extends Nota {
  readonly calculadoEm: Date;
  readonly desatualizado: boolean;
}

/**
 * The note of a profile now, on the day it is in São Paulo.
 * @throws PublicError FONTE_INVALIDA where an amount of the profile is none
 */
export function scoreOf(perfil: Perfil, clock: Clock): Score {
  const calculadoEm = clock.now();
  const lido = { ...perfil, bens: allReadable(perfil.bens), fontesDeRenda: allReadable(perfil.fontesDeRenda) };
  return { ...pontuar(lido, dayInSaoPaulo(calculadoEm)), calculadoEm, desatualizado: perfil.desatualizado };
}
