import { finalidades } from '@pessoa/domain/finalidade';
import { type PerService, serviceNames, services } from '@pessoa/domain/services';
import type { GraphQLObjectType } from 'graphql';
import { z } from 'zod';
import { auditPaths, auditTag, personSchema, proofSchema } from './openapi/audit-log.ts';
import { commonHeaders } from './openapi/common-headers.ts';
import { examplesOfRoute, cpfExamples } from './openapi/examples.ts';
import type { Examples } from './openapi/examples.ts';
import { graphOf } from './openapi/graph.ts';
import type { ServiceSdl } from './openapi/graph.ts';
import type { Json, JsonObject } from './openapi/json.ts';
import { modelCardPath, modelCardSchema } from './openapi/model-card.ts';
import { problemComponents, problemResponses, problemSchema } from './openapi/problems.ts';
import { answerSchemas } from './openapi/schemas.ts';
import type { AnswerSchemas } from './openapi/schemas.ts';
import { scopesOf, operationFields } from './openapi/operation-fields.ts';
import { cpf } from './params.ts';
import type { RestRoute } from './rest-route.ts';
import { restRoutes } from './routes.ts';

/**
 * Makes the OpenAPI 3.1 document of the five routes about people, and of those about the model and the audit, from the code that answers them. Parameters come from the schemas that
 * read them, bodies from the operations and the SDL, refusals from the table of errors, examples from recorded answers.
 */
export function openApiDocument(sdl: ServiceSdl, examples: Examples): JsonObject {
  const graph = graphOf(sdl);
  const schemas = answerSchemas(graph);
  const paths = restRoutes.map((route) => {
    const query = graph.queryOf(route.service);
    return [route.path, { get: operationOf(route, query, schemas, examples) }];
  });

  return {
    openapi: '3.1.1',
    info: {
      title: 'Pessoa',
      version: '1.0.0',
      description: graph.describe('Pessoa') ?? '',
      contact: { name: 'Equipe da API Pessoa' },
      license: { name: 'Proprietária', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: '/', description: 'O host que serve este documento.' }],
    tags: [...tags, auditTag],
    paths: { ...(Object.fromEntries(paths) as JsonObject), '/modelo/{versao}': modelCardPath, ...auditPaths },
    components: {
      schemas: {
        ...schemas.components,
        ModelCard: modelCardSchema,
        ProvaDaAuditoria: proofSchema,
        ConsultasDoTitular: personSchema,
        Problem: problemSchema,
      },
      responses: problemComponents(examples),
      parameters: { ...parameters, Cpf: { ...cpfParameter, examples: cpfExamples(examples) } },
      headers,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'PS256, RS256, ES256 ou EdDSA; os escopos em `scope`, a finalidade em `finalidade`. Um token ligado a uma chave (`cnf`) vem como `Authorization: DPoP` com a prova no cabeçalho `DPoP` (RFC 9449), ou por uma conexão mTLS com o certificado dele (RFC 8705), onde o operador aceita um dos dois.',
        },
      },
    },
  };
}

function operationOf(
  route: RestRoute,
  query: GraphQLObjectType,
  schemas: AnswerSchemas,
  examples: Examples,
): JsonObject {
  const selection = operationFields(route.document, query);
  const scopes = scopesOfParts(route, query);
  const pages: JsonObject = route.connection === undefined ? {} : { link: { $ref: '#/components/headers/NextPage' } };
  const marks: JsonObject =
    route.staleMarks.length === 0 ? {} : { 'x-desatualizado': { $ref: '#/components/headers/Desatualizado' } };
  return {
    operationId: route.name,
    summary: route.summary,
    description: route.description,
    tags: [route.fonte],
    security: distinctLists([scopesOf(selection), ...scopes.values()].flat()).map((list) => ({ bearer: list })),
    parameters: [
      ...['Cpf', ...Object.keys(parameters)].map((name) => ({ $ref: `#/components/parameters/${name}` })),
      ...queryParameters(route, scopes),
    ],
    responses: {
      '200': {
        description: 'O que a base tem da pessoa: todas as partes, ou as de `campos`.',
        headers: { ...pages, ...marks, ...commonHeaders },
        content: {
          'application/json': {
            schema: schemas.bodyOf(route, selection),
            examples: examplesOfRoute(route.path, examples),
          },
        },
      },
      ...problemResponses,
    },
  };
}

type Scopes = readonly (readonly string[])[];

/** The alternatives of scopes for each part of the body alone. */
function scopesOfParts(route: RestRoute, query: GraphQLObjectType): ReadonlyMap<string, Scopes> {
  const names = Object.keys(route.body).filter((name) => name !== 'cpf');
  return new Map(
    names.map((name) => {
      const { document } = route.select({ path: { cpf: '' }, query: { campos: [name] } });
      return [name, scopesOf(operationFields(document, query))];
    }),
  );
}

const distinctLists = (lists: Scopes): Scopes => [...new Map(lists.map((list) => [list.join(' '), list])).values()];

function queryParameters(route: RestRoute, scopes: ReadonlyMap<string, Scopes>): JsonObject[] {
  const { properties = {} } = jsonSchemaOf(z.object(route.query)) as { properties?: Record<string, JsonObject> };
  return Object.entries(properties).map(([name, { description, ...schema }]) =>
    parameter('query', name, {
      ...schema,
      description: name === 'campos' ? `${String(description)} ${scopesInWords(scopes)}` : description!,
    }),
  );
}

function scopesInWords(scopes: ReadonlyMap<string, Scopes>): string {
  const parts = [...scopes].map(([name, [list = []]]) => `\`${name}\` (${list.map((scope) => `\`${scope}\``).join(', ')})`); // prettier-ignore
  return `Escopos de cada parte: ${parts.join('; ')}.`;
}

// A client writes every parameter as text; the document shows the type that the text is read as (`io: 'output'`).
const jsonSchemaOf = (type: z.ZodType): JsonObject => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io: 'output' });
  return schema as JsonObject;
};

function parameter(
  place: 'path' | 'query' | 'header',
  name: string,
  { description = '', ...schema }: JsonObject,
): JsonObject {
  return {
    name,
    in: place,
    description,
    required: place === 'path',
    schema,
  };
}

const descriptions: PerService<string> = {
  debt: 'Base A: nome, endereço e dívidas.',
  score: 'Base B: nota de crédito e os dados que a alimentam.',
  event: 'Base C: consultas, movimentação financeira e compras com cartão.',
};
const tags: readonly JsonObject[] = serviceNames.map((service) => ({
  name: services[service],
  description: descriptions[service],
}));

const interactionId = { type: 'string', format: 'uuid' };

const cpfParameter = parameter('path', 'cpf', jsonSchemaOf(cpf));

const parameters: JsonObject = {
  Finalidade: parameter('header', 'x-finalidade', {
    description: 'Por que o dado é acessado (Lei 12.414 art. 7º). Sem efeito quando o token já a traz.',
    type: 'string',
    enum: [...finalidades],
  }),
  InteractionId: parameter('header', 'x-fapi-interaction-id', {
    description: 'Identificador da chamada; gerado quando ausente e devolvido na resposta.',
    ...interactionId,
  }),
};

const header = (description: string, schema: Json): JsonObject => ({ description, schema });

const headers: JsonObject = {
  NextPage: header('A próxima página, `rel="next"` (RFC 8288); ausente na última.', { type: 'string' }),
  RetryAfter: header('Segundos a esperar.', { type: 'integer', minimum: 1 }),
  WwwAuthenticate: header('RFC 6750: `Bearer`, com o que faltou em `error_description` ou `scope`.', {
    type: 'string',
  }),
  RateLimit: header(
    'O que resta ao cliente de cada cota que este pedido usou (`r`), e os segundos até o fim da janela (`t`): draft-ietf-httpapi-ratelimit-headers. Ausente sem token válido.',
    { type: 'string', examples: ['"requests";r=598;t=41, "people";r=2999;t=41, "cost";r=358960;t=41'] },
  ),
  RateLimitPolicy: header('As cotas do cliente (`q`) em cada janela de `w` segundos.', {
    type: 'string',
    examples: ['"requests";q=600;w=60;qu="requests", "people";q=3000;w=60;qu="people"'],
  }),
  InteractionId: header('O mesmo da chamada, ou o que foi gerado.', interactionId),
  Desatualizado: header('`true` quando algo veio de uma cópia que pode não ter o que a base já tem.', {
    type: 'string',
    const: 'true',
  }),
};
