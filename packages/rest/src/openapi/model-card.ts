import type { Fonte } from '@pessoa/domain/services';
import { commonHeaders } from './common-headers.ts';
import type { JsonObject } from './json.ts';

const text = (description: string): JsonObject => ({ type: 'string', description });
const texts = (description: string): JsonObject => ({ type: 'array', items: { type: 'string' }, description });
const integer = (description: string): JsonObject => ({ type: 'integer', description });
const share = (description: string): JsonObject => ({ type: 'number', minimum: 0, maximum: 1, description });
const list = (description: string, properties: JsonObject): JsonObject => ({
  type: 'array',
  description,
  items: { type: 'object', required: Object.keys(properties), properties },
});

const byAge = list('Por grupo de idade, cada um com 30 pessoas ou mais.', {
  grupo: text('O grupo de idade.'),
  pessoas: integer('Quantas pessoas.'),
  aprovados: share('Parcela que passa do corte.'),
  razao: share('A aprovação sobre a do grupo que mais passa; abaixo de 0,8 é desigual.'),
  aprovadosDosQuePagaram: share('Dos que pagaram, os que passam.'),
  chanceMediaDita: share('A chance média que a nota diz.'),
  inadimplentes: share('Parcela que não pagou.'),
  inadimplentesDasMesmasNotas: share('Parcela que não pagou, de todos com as mesmas notas.'),
});

const sets = list('As medidas por conjunto gerado.', {
  conjunto: text('O nome do conjunto.'),
  sobre: text('O que é verdade do conjunto, em inglês.'),
  pessoas: integer('Quantas pessoas geradas.'),
  inadimplentes: share('Parcela que não pagou.'),
  chanceMediaDita: share('A chance média que a nota diz.'),
  aucVerdadeira: share('A AUC pelas chances verdadeiras, que só um conjunto gerado tem.'),
  auc: share('A AUC dos resultados sorteados.'),
  gini: { type: 'number', description: '2 AUC - 1.' },
  giniIntervalo: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, description: 'Intervalo de 95 %.' },
  ks: share('Kolmogorov e Smirnov.'),
  brier: share('Brier; menor é melhor.'),
  corte: integer('A menor nota que passa.'),
  aprovados: share('Parcela que passa.'),
  porIdade: byAge,
}); // prettier-ignore

const properties: JsonObject = {
  versao: text('A versão, como `Score.modelo`.'),
  tabela: text('O documento com a tabela inteira, no repositório.'),
  uso: text('Para que a nota serve.'),
  metodo: text('Como a nota é calculada.'),
  dados: {
    type: 'object',
    description: 'Os campos que o modelo lê, por objeto da Base B.',
    additionalProperties: { type: 'array', items: { type: 'string' } },
  },
  entradasProibidas: texts('O que o modelo nunca lê.'),
  limites: texts('O que a nota não diz.'),
  faixas: list('As faixas, da pior à melhor.', {
    faixa: text('O nome da faixa.'),
    de: integer('A menor nota da faixa.'),
    chanceNaMenorNota: text('A chance de inadimplência nessa nota, de 0 a 1.'),
  }),
  fatores: {
    type: 'array',
    description: 'A tabela de pontos.',
    items: {
      type: 'object',
      required: ['codigo', 'nome', 'unidade', 'pontosSemInformacao', 'faixas'],
      properties: {
        codigo: text('Código do fator, como em `FatorScore.codigo`.'),
        nome: text('Nome do fator.'),
        unidade: text('A unidade dos limites: `centavos`, `meses`, `tipos` ou `anos`.'),
        pontosSemInformacao: integer('Os pontos de SEM_INFORMACAO.'),
        faixas: {
          type: 'array',
          description: 'As faixas do valor; cada uma vai até a próxima do seu grupo.',
          items: {
            type: 'object',
            required: ['de', 'faixaDoValor', 'pontos'],
            properties: {
              grupo: text('O grupo, num fator com dois, como `comprovada` e `declarada`.'),
              de: { type: ['string', 'null'], description: 'O menor valor, incluído; nulo quando não há.' },
              faixaDoValor: text('A faixa em palavras.'),
              pontos: integer('Os pontos.'),
            },
          },
        },
      },
    },
  },
  medidas: {
    type: 'object',
    description: 'O que o relatório da nota mediu em conjuntos gerados; nenhuma pessoa real.',
    required: ['origem', 'conjuntos'],
    properties: { origem: text('De onde vêm as medidas.'), conjuntos: sets },
  },
};

export const modelCardSchema: JsonObject = {
  type: 'object',
  description: 'O que uma versão do modelo é: dados, limites, entradas proibidas, tabela de pontos, equidade.',
  required: Object.keys(properties),
  properties,
};

const VERSION = 'pessoa-2026.1';

/** `GET /modelo/{versao}`: it is about no person, and needs no token. */
export const modelCardPath: JsonObject = {
  get: {
    operationId: 'Modelo',
    summary: 'O que uma versão do modelo da nota é, e o que se mediu dela.',
    description:
      'Sem token: trata do modelo e de ninguém (LGPD art. 20 §1º, Lei 12.414 art. 5º IV). `Score.modelo` diz a versão de uma nota.',
    tags: ['score' satisfies Fonte],
    security: [],
    parameters: [
      {
        name: 'versao',
        in: 'path',
        description: 'A versão do modelo.',
        required: true,
        schema: { type: 'string', pattern: '^pessoa-\\d{4}\\.\\d+$' },
        examples: { [VERSION]: { summary: 'A versão que responde, se o operador não escolheu outra', value: VERSION } },
      },
      { $ref: '#/components/parameters/InteractionId' },
    ],
    responses: {
      '200': {
        description: 'O cartão do modelo.',
        headers: { 'x-fapi-interaction-id': commonHeaders['x-fapi-interaction-id']! },
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ModelCard' } } },
      },
      ...Object.fromEntries(
        [404, 503].map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]),
      ),
    },
  },
};
