/**
 * The score model, whole: a points scorecard, that is a logistic model on binned inputs. A note can be recomputed by
 * hand from this table and the profile; docs/score-model.md is the same table in print (`npm run generate`).
 *
 * Scale: 700 points at 16 good to 1 bad, and every 85 points double the odds, close to the default rates that Boa Vista
 * publishes by class. Bins, betas and weights of evidence are an expert's, not fitted to data of our own:
 * docs/decisions/0007-score-formula.md has the formula and the reasons.
 *
 * What may be here is bounded by law. Lei 12.414 art. 7-A (LC 166/2019) excludes social or ethnic origin, health,
 * genetic data, sex, beliefs, and the holder's use of the right of access. A district, city or UF stands in for those,
 * so the address counts by completeness and by the age of its confirmation only.
 *
 * A change of any figure is a new `versao` with golden vectors of its own: the same input in the same version gives the
 * same note for ever (LGPD art. 20, review of automated decisions).
 */

export type FaixaScore = 'BAIXO' | 'REGULAR' | 'BOM' | 'EXCELENTE';

export type CodigoFator =
  'RENDA_MENSAL' | 'ESTABILIDADE' | 'PATRIMONIO_LIQUIDO' | 'DIVERSIDADE_DE_BENS' | 'ENDERECO' | 'IDADE';

export type Unidade = 'centavos' | 'meses' | 'tipos' | 'anos';

/** A bin: from `aPartirDe`, included, to the next bin of the same `grupo`. */
export interface Faixa {
  /** Only where a factor has two scales, such as proved and declared. */
  readonly grupo?: string;
  /** In the factor's unit; null is "no lower bound". */
  readonly aPartirDe: bigint | null;
  readonly faixaDoValor: string;
  /** Weight of evidence: ln of this bin's odds over the population's. Scoring reads `pontos` only. */
  readonly woe: number;
  readonly pontos: number;
}

export interface Fator {
  readonly codigo: CodigoFator;
  readonly nome: string;
  readonly unidade: Unidade;
  /** Below 1 where the factor says in part what another one has said. */
  readonly beta: number;
  /** The bin of missing and unreadable input; never read as zero. */
  readonly semInformacao: { readonly woe: number; readonly pontos: number };
  /** Ascending within a group, and no two with equal points. */
  readonly faixas: readonly Faixa[];
  /** To the consumer: why this factor took points. */
  readonly motivo: string;
  readonly motivoSemInformacao: string;
}

const rendaMensal: Fator = {
  codigo: 'RENDA_MENSAL',
  nome: 'Renda mensal',
  unidade: 'centavos',
  beta: 1,
  // Above no income at all and below any income: nobody gains by hiding what they earn.
  semInformacao: { woe: -1.05, pontos: -129 },
  faixas: [
    { aPartirDe: 0n, faixaDoValor: 'sem renda', woe: -1.2, pontos: -147 },
    { aPartirDe: 1n, faixaDoValor: 'de R$ 0,01 a R$ 999,99', woe: -1, pontos: -123 },
    { aPartirDe: 1_000_00n, faixaDoValor: 'de R$ 1.000,00 a R$ 1.999,99', woe: -0.65, pontos: -80 },
    { aPartirDe: 2_000_00n, faixaDoValor: 'de R$ 2.000,00 a R$ 2.999,99', woe: -0.3, pontos: -37 },
    { aPartirDe: 3_000_00n, faixaDoValor: 'de R$ 3.000,00 a R$ 4.999,99', woe: 0.1, pontos: 12 },
    { aPartirDe: 5_000_00n, faixaDoValor: 'de R$ 5.000,00 a R$ 7.999,99', woe: 0.5, pontos: 61 },
    { aPartirDe: 8_000_00n, faixaDoValor: 'de R$ 8.000,00 a R$ 11.999,99', woe: 0.85, pontos: 104 },
    { aPartirDe: 12_000_00n, faixaDoValor: 'de R$ 12.000,00 a R$ 19.999,99', woe: 1.15, pontos: 141 },
    { aPartirDe: 20_000_00n, faixaDoValor: 'R$ 20.000,00 ou mais', woe: 1.4, pontos: 172 },
  ],
  motivo: 'A soma das suas fontes de renda está abaixo da faixa de renda mensal que mais pontua.',
  motivoSemInformacao: 'Não há renda informada; informe e comprove suas fontes de renda.',
};

const estabilidade: Fator = {
  codigo: 'ESTABILIDADE',
  nome: 'Tempo na fonte de renda',
  unidade: 'meses',
  beta: 0.85,
  semInformacao: { woe: -0.8, pontos: -83 },
  faixas: [
    { grupo: 'comprovada', aPartirDe: 0n, faixaDoValor: 'comprovada, menos de 6 meses', woe: -0.35, pontos: -36 },
    {
      grupo: 'comprovada',
      aPartirDe: 6n,
      faixaDoValor: 'comprovada, de 6 meses a menos de 2 anos',
      woe: -0.1,
      pontos: -10,
    },
    {
      grupo: 'comprovada',
      aPartirDe: 24n,
      faixaDoValor: 'comprovada, de 2 anos a menos de 5 anos',
      woe: 0.25,
      pontos: 26,
    },
    {
      grupo: 'comprovada',
      aPartirDe: 60n,
      faixaDoValor: 'comprovada, de 5 anos a menos de 10 anos',
      woe: 0.6,
      pontos: 63,
    },
    { grupo: 'comprovada', aPartirDe: 120n, faixaDoValor: 'comprovada, 10 anos ou mais', woe: 0.9, pontos: 94 },
    { grupo: 'declarada', aPartirDe: 0n, faixaDoValor: 'declarada, menos de 1 ano', woe: -0.7, pontos: -73 },
    {
      grupo: 'declarada',
      aPartirDe: 12n,
      faixaDoValor: 'declarada, de 1 ano a menos de 3 anos',
      woe: -0.45,
      pontos: -47,
    },
    {
      grupo: 'declarada',
      aPartirDe: 36n,
      faixaDoValor: 'declarada, de 3 anos a menos de 10 anos',
      woe: -0.2,
      pontos: -21,
    },
    { grupo: 'declarada', aPartirDe: 120n, faixaDoValor: 'declarada, 10 anos ou mais', woe: 0.05, pontos: 5 },
  ],
  motivo: 'O tempo na sua fonte de renda é curto, ou a fonte não está comprovada.',
  motivoSemInformacao: 'Não há fonte de renda com data de início informada.',
};

const patrimonioLiquido: Fator = {
  codigo: 'PATRIMONIO_LIQUIDO',
  nome: 'Patrimônio líquido',
  unidade: 'centavos',
  beta: 0.75,
  // Above owing more than one has, below any net worth from zero up.
  semInformacao: { woe: -0.5, pontos: -46 },
  faixas: [
    { aPartirDe: null, faixaDoValor: 'negativo', woe: -0.8, pontos: -74 },
    { aPartirDe: 0n, faixaDoValor: 'de R$ 0,00 a R$ 9.999,99', woe: -0.4, pontos: -37 },
    { aPartirDe: 10_000_00n, faixaDoValor: 'de R$ 10.000,00 a R$ 49.999,99', woe: -0.05, pontos: -5 },
    { aPartirDe: 50_000_00n, faixaDoValor: 'de R$ 50.000,00 a R$ 199.999,99', woe: 0.35, pontos: 32 },
    { aPartirDe: 200_000_00n, faixaDoValor: 'de R$ 200.000,00 a R$ 499.999,99', woe: 0.75, pontos: 69 },
    { aPartirDe: 500_000_00n, faixaDoValor: 'de R$ 500.000,00 a R$ 1.499.999,99', woe: 1.1, pontos: 101 },
    { aPartirDe: 1_500_000_00n, faixaDoValor: 'R$ 1.500.000,00 ou mais', woe: 1.4, pontos: 129 },
  ],
  motivo: 'O valor dos seus bens, menos o que se deve sobre eles, está abaixo da faixa que mais pontua.',
  motivoSemInformacao: 'Não há bens com valor informado.',
};

const diversidadeDeBens: Fator = {
  codigo: 'DIVERSIDADE_DE_BENS',
  nome: 'Diversidade de bens',
  unidade: 'tipos',
  beta: 0.5,
  semInformacao: { woe: -0.45, pontos: -28 },
  faixas: [
    { aPartirDe: 1n, faixaDoValor: '1 tipo', woe: -0.1, pontos: -6 },
    { aPartirDe: 2n, faixaDoValor: '2 tipos', woe: 0.35, pontos: 21 },
    { aPartirDe: 3n, faixaDoValor: '3 tipos', woe: 0.65, pontos: 40 },
    { aPartirDe: 4n, faixaDoValor: '4 tipos ou mais', woe: 0.9, pontos: 55 },
  ],
  motivo: 'Seus bens são de poucos tipos.',
  motivoSemInformacao: 'Não há bens informados.',
};

const endereco: Fator = {
  codigo: 'ENDERECO',
  nome: 'Endereço: completude e tempo desde a confirmação',
  unidade: 'meses',
  beta: 0.65,
  semInformacao: { woe: -0.7, pontos: -56 },
  faixas: [
    { grupo: 'completo', aPartirDe: 0n, faixaDoValor: 'completo, menos de 1 ano', woe: 0.35, pontos: 28 },
    { grupo: 'completo', aPartirDe: 12n, faixaDoValor: 'completo, de 1 ano a menos de 2 anos', woe: 0.15, pontos: 12 },
    {
      grupo: 'completo',
      aPartirDe: 24n,
      faixaDoValor: 'completo, de 2 anos a menos de 5 anos',
      woe: -0.05,
      pontos: -4,
    },
    { grupo: 'completo', aPartirDe: 60n, faixaDoValor: 'completo, 5 anos ou mais', woe: -0.25, pontos: -20 },
    { grupo: 'incompleto', aPartirDe: 0n, faixaDoValor: 'incompleto, menos de 2 anos', woe: -0.35, pontos: -28 },
    {
      grupo: 'incompleto',
      aPartirDe: 24n,
      faixaDoValor: 'incompleto, de 2 anos a menos de 5 anos',
      woe: -0.5,
      pontos: -40,
    },
    { grupo: 'incompleto', aPartirDe: 60n, faixaDoValor: 'incompleto, 5 anos ou mais', woe: -0.6, pontos: -48 },
  ],
  motivo: 'Seu endereço está incompleto, ou foi confirmado há muito tempo.',
  motivoSemInformacao: 'Não há endereço com data de confirmação.',
};

const idade: Fator = {
  codigo: 'IDADE',
  nome: 'Idade',
  unidade: 'anos',
  // Small and never falling: age is not on the list of art. 7-A, but it is the factor most likely to be contested.
  beta: 0.25,
  semInformacao: { woe: 0, pontos: 0 },
  faixas: [
    { aPartirDe: 0n, faixaDoValor: 'até 24 anos', woe: -0.45, pontos: -14 },
    { aPartirDe: 25n, faixaDoValor: 'de 25 a 29 anos', woe: -0.2, pontos: -6 },
    { aPartirDe: 30n, faixaDoValor: 'de 30 a 39 anos', woe: 0.05, pontos: 2 },
    { aPartirDe: 40n, faixaDoValor: 'de 40 a 54 anos', woe: 0.25, pontos: 8 },
    { aPartirDe: 55n, faixaDoValor: '55 anos ou mais', woe: 0.4, pontos: 12 },
  ],
  motivo: 'A idade entra na nota com peso pequeno e ainda não alcança a faixa que mais pontua.',
  motivoSemInformacao: 'Não há data de nascimento informada.',
};

export interface Modelo {
  readonly versao: string;
  /** The note of the population's odds: 360 is the note at 1:1, and two doublings (4:1) add 170. */
  readonly pontosBase: number;
  readonly escala: { readonly pontos: number; readonly odds: number; readonly pontosPorDobro: number };
  readonly oddsDaPopulacao: number;
  /** Below it, a month, a source does not count for ESTABILIDADE: an old account that yields cents is no living. */
  readonly rendaMinimaDaFonteCentavos: bigint;
  /** Bands by lowest note, as Serasa publishes them (2025). */
  readonly faixas: readonly { readonly faixa: FaixaScore; readonly aPartirDe: number }[];
  readonly fatores: readonly Fator[];
}

export const modelo: Modelo = {
  versao: 'pessoa-2026.1',
  pontosBase: 530,
  escala: { pontos: 700, odds: 16, pontosPorDobro: 85 },
  oddsDaPopulacao: 4,
  rendaMinimaDaFonteCentavos: 100_00n,
  faixas: [
    { faixa: 'BAIXO', aPartirDe: 0 },
    { faixa: 'REGULAR', aPartirDe: 301 },
    { faixa: 'BOM', aPartirDe: 501 },
    { faixa: 'EXCELENTE', aPartirDe: 701 },
  ],
  fatores: [rendaMensal, estabilidade, patrimonioLiquido, diversidadeDeBens, endereco, idade],
};
