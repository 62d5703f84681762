import { type Data, yearsBetween } from '@pessoa/domain/data';
import { diaPassado } from './legivel.ts';

/** @returns completed years, 0 to 129; undefined when the birth date is missing, in the future or further back. */
export function idade(nascimento: Data | null | undefined, hoje: Data): number | undefined {
  const dia = diaPassado(nascimento, hoje);
  return dia && yearsBetween(dia, hoje);
}
