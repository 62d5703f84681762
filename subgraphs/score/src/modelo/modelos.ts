import type { Modelo, Versao } from './modelo.ts';
import { pessoa20261 } from './versions/pessoa-2026.1.ts';
import { pessoa20262 } from './versions/pessoa-2026.2.ts';

/** Every version that may answer. A version stays while a score of it may be reviewed. */
export const modelos: Readonly<Record<Versao, Modelo>> = {
  'pessoa-2026.1': pessoa20261,
  'pessoa-2026.2': pessoa20262,
};

export const versoes = Object.keys(modelos) as [Versao, ...Versao[]];
