/**
 * What a version of the score model is: a points scorecard, which is a logistic model on binned inputs. Anyone can compute a score by
 * hand from the table of a version and the profile. `npm run generate` prints each as a page of docs/.
 *
 * The law limits what a score may read. Lei 12.414 art. 7-A (LC 166/2019) excludes social or ethnic origin, health,
 * genetic data, sex, beliefs, and the holder's use of the right of access. A district, city or UF can stand in for
 * those, so of the address only its completeness and the age of its confirmation count.
 *
 * A change of any figure needs a new version with golden vectors of its own: the same input in the same version gives
 * the same score for ever (LGPD art. 20, review of automated decisions).
 */

export type Versao = 'pessoa-2026.1' | 'pessoa-2026.2';

export type FaixaScore = 'BAIXO' | 'REGULAR' | 'BOM' | 'EXCELENTE';

export type CodigoFator =
  'RENDA_MENSAL' | 'ESTABILIDADE' | 'PATRIMONIO_LIQUIDO' | 'DIVERSIDADE_DE_BENS' | 'ENDERECO' | 'IDADE';

export type Unit = 'centavos' | 'meses' | 'tipos' | 'anos';

/** A bin: it begins at `from`, inclusive, and ends where the next bin of the same `group` begins. */
export interface Faixa {
  /** Only for a factor with two scales, such as proved and declared. */
  readonly group?: string;
  /** In the factor's unit; null is no lower bound. */
  readonly from: bigint | null;
  readonly faixaDoValor: string;
  /** Weight of evidence: ln of the odds of this bin over the odds of the population. Scoring reads `pontos` only. */
  readonly woe: number;
  readonly pontos: number;
}

export interface Fator {
  readonly codigo: CodigoFator;
  readonly nome: string;
  readonly unit: Unit;
  /** Below 1 for a factor that partly repeats another factor. */
  readonly beta: number;
  /** The bin SEM_INFORMACAO, for missing and unreadable values: they never count as zero. */
  readonly missingBin: { readonly woe: number; readonly pontos: number };
  /** Ascending within a group. No two bins of a factor have equal points. */
  readonly faixas: readonly Faixa[];
  /** Tells the consumer why this factor cost points. */
  readonly motivo: string;
  readonly missingMotivo: string;
}

export interface Modelo {
  readonly version: Versao;
  /** The score at the odds of the population: 360 points at 1:1, and two doublings (4:1) add 170. */
  readonly pontosBase: number;
  readonly scale: { readonly pontos: number; readonly odds: number; readonly pointsPerDoubling: number };
  readonly populationOdds: number;
  /** Bands by their lowest score, as Serasa publishes them (2025). */
  readonly faixas: readonly { readonly faixa: FaixaScore; readonly from: number }[];
  readonly fatores: readonly Fator[];
}
