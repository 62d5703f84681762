import type { Data } from '@pessoa/domain/data';
import { faixaScore, limitar, probabilidadeInadimplencia } from './escala.ts';
import { type Medida, medidas } from './medidas.ts';
import { type PerfilBruto, perfilPermitido } from './perfil-permitido.ts';
import { type CodigoFator, type FaixaScore, type Fator, modelo } from './tabela.ts';

export interface FatorScore {
  codigo: CodigoFator;
  nome: string;
  /** The bin in words, or SEM_INFORMACAO. */
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

export interface Nota {
  /** 0 to 1000, higher is better. */
  valor: number;
  /** `pontosBase` plus the points of every factor, not yet limited to 0..1000. */
  valorAntesDoLimite: number;
  faixa: FaixaScore;
  /** 0 to 1 with four places, of the limited `valor`. */
  probabilidadeInadimplencia: string;
  /** The model's version. */
  modelo: string;
  pontosBase: number;
  fatores: FatorScore[];
  motivos: MotivoScore[];
  /** The factors whose bin is SEM_INFORMACAO, in the order of the table. */
  dadosAusentes: CodigoFator[];
}

const SEM_INFORMACAO = 'SEM_INFORMACAO';
const MOST_REASONS = 4;

interface Avaliado {
  fator: Fator;
  score: FatorScore;
}

function avaliar(fator: Fator, medidasDoPerfil: readonly Medida[]): Avaliado {
  const faixas = medidasDoPerfil
    .map(({ grupo, valor }) =>
      fator.faixas.findLast((faixa) => faixa.grupo === grupo && (faixa.aPartirDe === null || faixa.aPartirDe <= valor)),
    )
    .filter((faixa) => faixa !== undefined)
    .toSorted((a, b) => b.pontos - a.pontos);
  const { pontos, faixaDoValor } = faixas[0] ?? { ...fator.semInformacao, faixaDoValor: SEM_INFORMACAO };
  const pontosMaximos = Math.max(...fator.faixas.map((faixa) => faixa.pontos));
  return { fator, score: { codigo: fator.codigo, nome: fator.nome, faixaDoValor, pontos, pontosMaximos } };
}

/** Method "max": the points lost against the factor's best bin, most first, ties by code. */
function motivosDe(avaliados: readonly Avaliado[]): MotivoScore[] {
  return avaliados
    .map(({ fator, score }) => ({
      codigo: fator.codigo,
      descricao: score.faixaDoValor === SEM_INFORMACAO ? fator.motivoSemInformacao : fator.motivo,
      pontosPerdidos: score.pontosMaximos - score.pontos,
    }))
    .filter(({ pontosPerdidos }) => pontosPerdidos > 0)
    .toSorted((a, b) => b.pontosPerdidos - a.pontosPerdidos || (a.codigo < b.codigo ? -1 : 1))
    .slice(0, MOST_REASONS);
}

/**
 * The credit score of a profile. A pure function: the same profile, day and version give the same note on any machine.
 * @param hoje the day, in São Paulo, on which ages and times are counted
 * @throws never: missing, future, negative and absurd data fall into a bin of their own, SEM_INFORMACAO
 * @see docs/decisions/0007-score-formula.md
 */
export function pontuar(bruto: PerfilBruto, hoje: Data): Nota {
  const perfil = perfilPermitido(bruto);
  const avaliados = modelo.fatores.map((fator) => avaliar(fator, medidas[fator.codigo](perfil, hoje)));
  const fatores = avaliados.map(({ score }) => score);
  const valorAntesDoLimite = fatores.reduce((soma, { pontos }) => soma + pontos, modelo.pontosBase);
  const valor = limitar(valorAntesDoLimite);
  return {
    valor,
    valorAntesDoLimite,
    faixa: faixaScore(valor),
    probabilidadeInadimplencia: probabilidadeInadimplencia(valor),
    modelo: modelo.versao,
    pontosBase: modelo.pontosBase,
    fatores,
    motivos: motivosDe(avaliados),
    dadosAusentes: fatores.filter(({ faixaDoValor }) => faixaDoValor === SEM_INFORMACAO).map(({ codigo }) => codigo),
  };
}
