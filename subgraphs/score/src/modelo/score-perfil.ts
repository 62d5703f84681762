import type { Data } from '@pessoa/domain/data';
import { type Measure, measures } from './measures.ts';
import type { CodigoFator, FaixaScore, Fator, Modelo, Versao } from './modelo.ts';
import { type RawPerfil, toPermittedPerfil } from './permitted-perfil.ts';
import { faixaOf, limitScore, probabilidadeInadimplenciaOf } from './scale.ts';

export interface FatorScore {
  codigo: CodigoFator;
  nome: string;
  /** The label of the bin, or SEM_INFORMACAO. */
  faixaDoValor: string;
  pontos: number;
  /** The points of the factor's best bin. */
  pontosMaximos: number;
}

export interface MotivoScore {
  codigo: CodigoFator;
  descricao: string;
  pontosPerdidos: number;
}

/** The score as the model computes it. */
export interface ModelScore {
  /** 0 to 1000, higher is better. */
  valor: number;
  /** `pontosBase` plus the points of every factor, before the limit to 0..1000. */
  valorAntesDoLimite: number;
  faixa: FaixaScore;
  /** The chance of default at `valor`: 0 to 1 with four places. */
  probabilidadeInadimplencia: string;
  /** The model's version. */
  modelo: Versao;
  pontosBase: number;
  fatores: FatorScore[];
  motivos: MotivoScore[];
  /** The factors whose bin is SEM_INFORMACAO, in the order of the table. */
  dadosAusentes: CodigoFator[];
}

const SEM_INFORMACAO = 'SEM_INFORMACAO';
const MOTIVOS_MAX = 4;

interface EvaluatedFator {
  fator: Fator;
  score: FatorScore;
}

function evaluate(fator: Fator, fatorMeasures: readonly Measure[]): EvaluatedFator {
  const faixas = fatorMeasures
    .map(({ group, valor }) =>
      fator.faixas.findLast((faixa) => faixa.group === group && (faixa.from === null || faixa.from <= valor)),
    )
    .filter((faixa) => faixa !== undefined)
    .toSorted((a, b) => b.pontos - a.pontos);
  const { pontos, faixaDoValor } = faixas[0] ?? { ...fator.missingBin, faixaDoValor: SEM_INFORMACAO };
  const pontosMaximos = Math.max(...fator.faixas.map((faixa) => faixa.pontos));
  return { fator, score: { codigo: fator.codigo, nome: fator.nome, faixaDoValor, pontos, pontosMaximos } };
}

/** The points that each factor lost against its best bin: most points first, ties by code, at most `MOTIVOS_MAX`. */
function motivosOf(evaluatedFatores: readonly EvaluatedFator[]): MotivoScore[] {
  return evaluatedFatores
    .map(({ fator, score }) => ({
      codigo: fator.codigo,
      descricao: score.faixaDoValor === SEM_INFORMACAO ? fator.missingMotivo : fator.motivo,
      pontosPerdidos: score.pontosMaximos - score.pontos,
    }))
    .filter(({ pontosPerdidos }) => pontosPerdidos > 0)
    .toSorted((a, b) => b.pontosPerdidos - a.pontosPerdidos || (a.codigo < b.codigo ? -1 : 1))
    .slice(0, MOTIVOS_MAX);
}

/** What each factor measures in a profile, also a factor that a version does not have. */
export type PerfilMeasures = Readonly<Record<CodigoFator, readonly Measure[]>>;

/**
 * Measures a profile. It never throws: for missing, future, negative and absurd values a factor has no measure. The service calls it
 * only with what `readablePerfil` returns: there, only the day of an income or an address may be impossible.
 *
 * @param hoje the day in São Paulo up to which ages and times are counted
 */
export function measuresOf(raw: RawPerfil, hoje: Data): PerfilMeasures {
  const perfil = toPermittedPerfil(raw);
  const entries = Object.entries(measures).map(([codigo, measure]) => [codigo, measure(perfil, hoje)]);
  return Object.fromEntries(entries) as PerfilMeasures;
}

/**
 * The credit score of a profile. A pure function: the same profile, day and version give the same score on any machine. It never throws.
 *
 * @see docs/decisions/0007-score-formula.md
 */
export const scorePerfil = (modelo: Modelo, raw: RawPerfil, hoje: Data): ModelScore =>
  scoreMeasures(modelo, measuresOf(raw, hoje));

/** The score of a profile that measures so. A factor without a measure has the bin SEM_INFORMACAO. */
export function scoreMeasures(modelo: Modelo, perfilMeasures: PerfilMeasures): ModelScore {
  const evaluatedFatores = modelo.fatores.map((fator) => evaluate(fator, perfilMeasures[fator.codigo]));
  const fatores = evaluatedFatores.map(({ score }) => score);
  const valorAntesDoLimite = fatores.reduce((sum, { pontos }) => sum + pontos, modelo.pontosBase);
  const valor = limitScore(valorAntesDoLimite);
  return {
    valor,
    valorAntesDoLimite,
    faixa: faixaOf(modelo, valor),
    probabilidadeInadimplencia: probabilidadeInadimplenciaOf(modelo, valor),
    modelo: modelo.version,
    pontosBase: modelo.pontosBase,
    fatores,
    motivos: motivosOf(evaluatedFatores),
    dadosAusentes: fatores.filter(({ faixaDoValor }) => faixaDoValor === SEM_INFORMACAO).map(({ codigo }) => codigo),
  };
}
