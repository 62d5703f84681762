import { commonHeaders } from './common-headers.ts';
import type { JsonObject } from './json.ts';

const TAG = 'auditoria';

export const auditTag: JsonObject = {
  name: TAG,
  description:
    'O registro de cada consulta, em uma árvore de Merkle que se pode conferir (C2SP tlog-tiles), onde o operador a mantém.',
};

const text = (description: string, schema: JsonObject = {}): JsonObject => ({ type: 'string', ...schema, description });
const uuid = (description: string): JsonObject => text(description, { format: 'uuid' });
const nullable = (description: string): JsonObject => ({ type: ['string', 'null'], description });
const base64 = (description: string): JsonObject => text(description, { contentEncoding: 'base64' });
const texts = (description: string, items: JsonObject = { type: 'string' }): JsonObject => ({
  type: 'array',
  items,
  description,
});

const object = (description: string, properties: JsonObject, optional: JsonObject = {}): JsonObject => ({
  type: 'object',
  description,
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});

const record = object(
  'O registro. A entrada da árvore vem destes bytes, em JSON canônico (RFC 8785).',
  {
    versao: {
      type: 'integer',
      description:
        'A forma do registro: 2 quando ele está na cadeia de uma pessoa, 1 quando não; 3 quando a consulta correu em sigilo.',
    },
    id: uuid('O id do registro.'),
    pessoa: text('O hash do CPF, com uma chave do operador.'),
    clientId: text('O cliente, como no token.'),
    sujeito: text(
      'SHA-256 do sal e do `sub` do token, em base64. Na forma 1 o sal é o nonce; na cadeia de uma pessoa, `salSujeito`, que só quem consultou recebe.',
    ),
    campos: texts('Os campos da resposta.'),
    finalidade: text('A finalidade.'),
    consentimento: nullable('O id do consentimento usado.'),
    ordemJudicial: nullable('O número da ordem judicial.'),
    peloTitular: { type: 'boolean', description: 'Se o titular leu os próprios dados.' },
    resultado: text('O que a consulta teve.', { enum: ['ATENDIDO', 'PARCIAL', 'NEGADO', 'FALHA'] }),
    dataHora: text('O instante, em UTC, com milissegundos.', { format: 'date-time' }),
    interacao: uuid('O `x-fapi-interaction-id` da consulta.'),
    operacao: text('O nome da rota ou da operação.'),
    servico: text('O processo que respondeu.'),
  },
  {
    indicePessoa: {
      type: ['string', 'null'],
      contentEncoding: 'base64',
      description: 'Nas formas 2 e 3: o índice da pessoa no mapa, 32 bytes; nulo fora de uma cadeia.',
    },
    numero: {
      type: ['integer', 'null'],
      minimum: 1,
      description: 'Nas formas 2 e 3: o lugar na cadeia da pessoa, a partir de 1; nulo fora de uma cadeia.',
    },
    sigiloReferencia: text('Só na forma 3: o número do processo, ou o id da investigação de fraude.', {
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    }),
    sigiloAte: text('Só na forma 3: até quando o sigilo vai, no máximo; uma decisão pode mudá-lo.', { format: 'date-time' }), // prettier-ignore
  },
);

const proof = object('A prova de que o registro está na árvore (RFC 6962).', {
  indice: { type: 'integer', minimum: 0, description: 'O lugar do registro, a partir de 0.' },
  checkpoint: text('O ponto de controle: uma nota assinada, com o tamanho e a raiz da árvore.'),
  inclusao: texts('Os hashes da folha até a raiz.', { type: 'string', contentEncoding: 'base64' }),
});

const nonce = base64('Os 32 bytes que vêm antes do registro na entrada.');

export const proofSchema = object('Os registros do cliente em uma chamada, cada um com a sua prova.', {
  registros: {
    type: 'array',
    description: 'Um registro por pessoa lida, pela ordem do id; até 1.000, de até 100 pessoas.',
    items: object(
      'Um registro e a sua prova.',
      { registro: record, nonce, prova: proof },
      {
        salSujeito: base64('Na cadeia de uma pessoa: o sal do sujeito, 32 bytes.'),
        pessoa: base64('Na cadeia de uma pessoa: a prova de que o índice é o do CPF (RFC 9381), 80 bytes.'),
      },
    ),
  },
  proximo: { type: ['string', 'null'], format: 'uuid', description: 'O `depois` da continuação; nulo no fim.' },
});

const count = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description });

export const personSchema = object(
  'Todas as consultas de uma pessoa, com a prova de que são todas.',
  {
    checkpoint: text('O ponto de controle: uma nota assinada, com a raiz do mapa das pessoas.'),
    indice: base64('A prova de que o índice é o do CPF (RFC 9381), 80 bytes.'),
    quantidade: count('Quantos registros a cadeia tem.'),
    cabeca: base64('O último elo da cadeia, 32 bytes; zeros quando ela não existe.'),
    mapa: texts('Os hashes ao lado do caminho no mapa, da pessoa até a raiz.', { type: 'string', contentEncoding: 'base64' }), // prettier-ignore
    registros: {
      type: 'array',
      description: 'Os registros, pela ordem do número; até 1.000.',
      items: object(
        'Um registro na cadeia.',
        {
          numero: { type: 'integer', minimum: 1, description: 'O lugar na cadeia, a partir de 1.' },
          entrada: base64('A entrada da árvore, 32 bytes.'),
          indice: count('O lugar na árvore, a partir de 0.'),
        },
        {
          conteudo: text(
            'Por que só a entrada vem: a consulta corre em sigilo, uma eliminação levou o registro, ou ele sumiu sem uma. Ausente com o registro.',
            { enum: ['EM_SIGILO', 'ELIMINADO', 'REMOVIDO'] },
          ),
          registro: record,
          nonce,
        },
      ),
    },
  },
  {
    outro: object('Sem registros: a pessoa que está no mapa onde esta estaria.', {
      indice: base64('O índice dela, 32 bytes.'),
      quantidade: count('Quantos registros a cadeia dela tem.'),
      cabeca: base64('O último elo da cadeia dela, 32 bytes.'),
    }),
    proximo: { type: 'integer', minimum: 1, description: 'O `depois` da continuação; ausente no fim.' },
  },
);

const parameter = (
  place: 'path' | 'query',
  name: string,
  description: string,
  schema: JsonObject,
  example: string | number,
): JsonObject => ({
  name,
  in: place,
  description,
  required: place === 'path',
  schema,
  examples: { [String(example)]: { summary: 'Um exemplo', value: example } },
});

const INTERACTION = '0194f8c1-6f00-7000-8000-000000000001';
const RECORD = '0194f8c1-6f00-7000-8000-000000000002';

const interactionHeader: JsonObject = { 'x-fapi-interaction-id': commonHeaders['x-fapi-interaction-id']! };

const problems = (...statuses: readonly number[]): JsonObject =>
  Object.fromEntries(statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]));

const answer = (description: string, type: string, schema: JsonObject, headers: JsonObject): JsonObject => ({
  '200': { description, headers, content: { [type]: { schema } } },
});

/** A route for everybody: what it serves is about nobody. */
const publicRoute = (
  operationId: string,
  summary: string,
  description: string,
  responses: JsonObject,
  parameters: readonly JsonObject[] = [],
): JsonObject => ({
  get: {
    operationId,
    summary,
    description,
    tags: [TAG],
    security: [],
    parameters: [...parameters, { $ref: '#/components/parameters/InteractionId' }],
    responses: { ...responses, ...problems(404, 503) },
  },
});

/** The paths that the router has where an auditor keeps the log of the audit. */
export const auditPaths: JsonObject = {
  '/auditoria/chave': publicRoute(
    'ChaveDaAuditoria',
    'A chave com que se conferem os pontos de controle.',
    'Sem token. Guarde-a na primeira vez, e compare-a com a que o operador publica em outro lugar.',
    answer('A chave de verificação (C2SP signed-note).', 'text/plain', text('Uma linha.'), interactionHeader),
  ),
  '/auditoria/checkpoint': publicRoute(
    'PontoDeControle',
    'O ponto de controle mais novo.',
    'Sem token. Uma nota assinada, com o nome, o tamanho e a raiz da árvore (C2SP tlog-checkpoint), e as assinaturas das testemunhas.',
    answer('A nota.', 'text/plain', text('A nota assinada.'), interactionHeader),
  ),
  '/auditoria/tile/{nivel}/{indice}': publicRoute(
    'Ladrilho',
    'Até 256 hashes de um nível da árvore, ou até 256 entradas.',
    'Sem token. Nada nele é de uma pessoa: cada entrada é um hash com um número aleatório. Um índice de mil em diante tem barras (`x001/067`), e a última parte, ainda incompleta, termina em `.p/` e a sua largura (C2SP tlog-tiles).',
    answer('Os bytes.', 'application/octet-stream', text('32 bytes por hash; antes de cada entrada, o seu comprimento em 2 bytes.'), interactionHeader), // prettier-ignore
    [
      parameter('path', 'nivel', 'O nível, a partir de 0, ou `entries`.', { type: 'string', pattern: '^(\\d|entries)$' }, '0'), // prettier-ignore
      parameter('path', 'indice', 'O índice no nível.', { type: 'string', pattern: '^(x\\d{3}/)*\\d{3}(\\.p/\\d{1,3})?$' }, '000.p/1'), // prettier-ignore
    ],
  ),
  '/auditoria/provas/{interacao}': {
    get: {
      operationId: 'ProvaDaAuditoria',
      summary: 'A prova de que as consultas de uma chamada estão na auditoria.',
      description:
        'Com um token do mesmo cliente e do mesmo sujeito (`sub`) da chamada, e uma finalidade; nenhum escopo. A prova de uma consulta em sigilo não vai para o token de um titular. PROVA_PENDENTE até que um ponto de controle cubra os registros, em geral por até 2 s.',
      tags: [TAG],
      security: [{ bearer: [] }],
      parameters: [
        parameter('path', 'interacao', 'O `x-fapi-interaction-id` da chamada.', { type: 'string', format: 'uuid' }, INTERACTION), // prettier-ignore
        parameter('query', 'depois', 'Só registros depois deste: `proximo` da resposta anterior.', { type: 'string', format: 'uuid' }, RECORD), // prettier-ignore
        { $ref: '#/components/parameters/Finalidade' },
        { $ref: '#/components/parameters/InteractionId' },
      ],
      responses: {
        ...answer('Os registros e as provas.', 'application/json', { $ref: '#/components/schemas/ProvaDaAuditoria' }, commonHeaders), // prettier-ignore
        ...problems(400, 401, 403, 404, 429, 503),
      },
    },
  },
  '/auditoria/pessoa/{cpf}': {
    get: {
      operationId: 'ConsultasDoTitular',
      summary: 'Todas as consultas do titular, com a prova de que são todas.',
      description:
        'Com um token do titular (`cpf`), o escopo `evento:read` e uma finalidade. Para os outros, PROVA_DESCONHECIDA. De uma consulta em sigilo vêm só o número e a entrada. As consultas dos últimos 2 s podem ainda faltar.',
      tags: [TAG],
      security: [{ bearer: ['evento:read'] }],
      parameters: [
        { $ref: '#/components/parameters/Cpf' },
        parameter('query', 'depois', 'Só registros depois deste número: `proximo` da resposta anterior.', { type: 'integer', minimum: 0 }, 1_000), // prettier-ignore
        { $ref: '#/components/parameters/Finalidade' },
        { $ref: '#/components/parameters/InteractionId' },
      ],
      responses: {
        ...answer('Os registros e a prova.', 'application/json', { $ref: '#/components/schemas/ConsultasDoTitular' }, commonHeaders), // prettier-ignore
        ...problems(400, 401, 403, 404, 429, 503),
      },
    },
  },
};
