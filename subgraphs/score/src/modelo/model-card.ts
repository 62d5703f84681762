import { fieldsReadBy, pageOf } from './score-model-document.ts';
import type { Modelo, Versao } from './modelo.ts';
import { probabilidadeInadimplenciaOf } from './scale.ts';

// The card of a version, for people and programs. It is public: LGPD art. 20 §1 and Lei 12.414 art. 5 IV give the holder the criteria of
// the score, and a holder has no token of ours. Nothing in it is about a person. Its names and texts are Portuguese, as those of the routes.

const forbidden = [
  'origem social ou étnica, saúde, informação genética, sexo, convicções políticas, religiosas e filosóficas (Lei 12.414 art. 7-A)',
  'bairro, cidade, UF e código do IBGE, que podem valer por origem',
  'o tipo da renda: um benefício ou uma pensão falam de saúde e de idade',
  'consultas feitas pelo próprio titular e o uso dos seus direitos (Lei 12.414 art. 7-A)',
  'dados de outras pessoas',
  'dívidas e eventos: são de outras bases, que a nota não lê',
];

const limits = [
  'Os pesos são de especialistas; não foram ajustados a dados próprios. A chance é a que a escala implica, não uma taxa observada.',
  'A nota vale para a ordem entre pessoas no dia em que é calculada. Não diz quanto alguém pode pagar: quem concede crédito ainda avalia isso (CDC art. 54-D).',
  'O que falta na Base B conta como SEM_INFORMACAO; um valor ilegível impede a nota.',
  'Uma nota não decide sozinha: a pessoa pode pedir a revisão da decisão (LGPD art. 20).',
];

const particular: Readonly<
  Record<Versao, { readonly forbidden: readonly string[]; readonly limits: readonly string[] }>
> = {
  'pessoa-2026.1': {
    forbidden: [],
    limits: [
      'Conta duas vezes o que diz o mesmo: o tempo na fonte e a idade, o patrimônio e os tipos de bem. Por isso passam poucos jovens.',
      'Toma quem não tem dados por quase o pior caso.',
    ],
  },
  'pessoa-2026.2': {
    forbidden: ['para pontos: a data de nascimento, a idade e os tipos de bem'],
    limits: [
      'Uma renda abaixo de R$ 1.000,00 que passa a ser conhecida pode tirar pontos.',
      'A data de nascimento e os tipos de bem não dão nem tiram pontos, mas um dia impossível ou um tipo fora da lista na Base B impede a nota, como em toda versão.',
      'Ainda passam menos jovens onde as rendas deles são menores.',
    ],
  },
};

/** What a version is, without what was measured of it. */
export function modelCard(modelo: Modelo) {
  const { version, pontosBase, scale, populationOdds, faixas, fatores } = modelo;
  const { forbidden: alsoForbidden, limits: alsoLimits } = particular[version];
  return {
    versao: version,
    tabela: pageOf(version),
    uso: 'Análise de risco de crédito e apoio à concessão de crédito, à venda a prazo e a outros negócios com risco (Lei 12.414 art. 7º).',
    metodo: `Pontos por faixa de cada fator, somados a ${pontosBase} e limitados de 0 a 1000; maior é melhor. ${scale.pontos} pontos são ${scale.odds} bons para 1 mau, e cada ${scale.pointsPerDoubling} pontos dobram essa razão. Supõe uma população de ${populationOdds} para 1.`,
    dados: fieldsReadBy(modelo),
    entradasProibidas: [...forbidden, ...alsoForbidden],
    limites: [...limits, ...alsoLimits],
    faixas: faixas.map(({ faixa, from }) => ({
      faixa,
      de: from,
      chanceNaMenorNota: probabilidadeInadimplenciaOf(modelo, from),
    })),
    fatores: fatores.map(({ codigo, nome, unit, missingBin, faixas: bins }) => ({
      codigo,
      nome,
      unidade: unit,
      pontosSemInformacao: missingBin.pontos,
      faixas: bins.map(({ group, from, faixaDoValor, pontos }) => ({
        ...(group !== undefined && { grupo: group }),
        de: from === null ? null : String(from),
        faixaDoValor,
        pontos,
      })),
    })),
  };
}

export type ModelCard = ReturnType<typeof modelCard>;
