import type { FaixaScore, Modelo } from './modelo.ts';

/** @returns the value limited to 0..1000 */
export const limitScore = (valor: number): number => Math.min(1000, Math.max(0, valor));

/** @param valor 0 to 1000 */
export const faixaOf = ({ faixas }: Pick<Modelo, 'faixas'>, valor: number): FaixaScore =>
  faixas.findLast(({ from }) => valor >= from)?.faixa ?? 'BAIXO';

/**
 * The chance of default within six months that the scale implies. An expert made the model; it is not calibrated on
 * data of our own. For no score from 0 to 1000 is the chance close to a rounding edge of the fourth place, so every
 * machine gives the same text.
 *
 * @param valor 0 to 1000
 * @returns 0 to 1 with four places, such as `0.0588`
 */
export function probabilidadeInadimplenciaOf({ scale }: Pick<Modelo, 'scale'>, valor: number): string {
  const { pontos, odds, pointsPerDoubling } = scale;
  return (1 / (1 + odds * 2 ** ((valor - pontos) / pointsPerDoubling))).toFixed(4);
}
