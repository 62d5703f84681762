import { type FaixaScore, modelo } from './tabela.ts';

export const limitar = (valor: number): number => Math.min(1000, Math.max(0, valor));

/** @param valor 0 to 1000 */
export const faixaScore = (valor: number): FaixaScore =>
  modelo.faixas.findLast(({ aPartirDe }) => valor >= aPartirDe)?.faixa ?? 'BAIXO';

/**
 * The chance of default within six months that the scale implies; the model is an expert's, not calibrated on data of
 * our own. No note of 0 to 1000 lies near a rounding edge of the fourth place, so every machine gives the same text.
 * @param valor 0 to 1000
 * @returns 0 to 1 with four places, such as `0.0588`
 */
export function probabilidadeInadimplencia(valor: number): string {
  const { pontos, odds, pontosPorDobro } = modelo.escala;
  return (1 / (1 + odds * 2 ** ((valor - pontos) / pontosPorDobro))).toFixed(4);
}
