import lang, { type BrunoItem, type BrunoRequest } from '@usebruno/lang';
import type { PersistedOperation } from '@pessoa/router/persisted-operations/operation-manifest';
import { Kind, type OperationDefinitionNode, parse, type TypeNode } from 'graphql';

/** What we read of a parameter in the OpenAPI document. */
interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly schema?: {
    readonly default?: unknown;
    readonly enum?: readonly string[];
    readonly items?: { readonly enum?: readonly string[] };
  };
}

interface Route {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
}

/** What we read of schema/openapi.json. */
export interface OpenApi {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, { readonly get: Route }>>;
}

const USE = `Escolha o ambiente Local, ponha um token em \`token\` (\`npm run --silent token\`), e envie.
As pastas: REST, as rotas; GraphQL, as mesmas operações como documentos; Persistidas, por id, onde o roteador as aceita (PERSISTED_OPERATIONS=on ou only).`;

/**
 * The files of the Bruno collection: each route of the OpenAPI document, and each operation of the manifest as a document and by its id.
 *
 * @returns their text by path
 */
export function brunoCollection(openApi: OpenApi, operations: readonly PersistedOperation[]): Map<string, string> {
  const folders: readonly [string, readonly BrunoRequest[]][] = [
    ['REST', Object.entries(openApi.paths).map(([path, { get }], index) => routeRequest(path, get, index + 1))],
    ['GraphQL', operations.map((operation, index) => documentRequest(operation, index + 1))],
    ['Persistidas', operations.map((operation, index) => idRequest(operation, index + 1))],
  ];
  return new Map([
    ['bruno.json', `${JSON.stringify({ version: '1', name: 'Pessoa', type: 'collection', ignore: [] }, null, 2)}\n`],
    [
      'collection.bru',
      textOf(
        lang.jsonToCollectionBru({
          headers: [{ name: 'x-finalidade', value: '{{finalidade}}', enabled: true }],
          auth: { mode: 'bearer', bearer: { token: '{{token}}' } },
          docs: `${openApi.info.description}\n\n${USE}`,
        }),
      ),
    ],
    [
      'environments/Local.bru',
      textOf(
        lang.envJsonToBruV2({
          variables: [
            { name: 'url', value: 'http://localhost:4000', enabled: true, secret: false },
            { name: 'cpf', value: '99999900100', enabled: true, secret: false },
            { name: 'finalidade', value: 'CONCESSAO_CREDITO', enabled: true, secret: false },
            { name: 'interacao', value: '', enabled: true, secret: false },
            { name: 'token', value: '', enabled: true, secret: true },
          ],
        }),
      ),
    ],
    ...folders.flatMap(([folder, requests]) =>
      requests.map((request): [string, string] => [
        `${folder}/${request.meta.name}.bru`,
        // The writer changes what it is given.
        textOf(lang.jsonToBruV2(structuredClone(request))),
      ]),
    ),
  ]);
}

/** The writer ends a file with an empty line. */
const textOf = (bru: string): string => `${bru.trimEnd()}\n`;

function routeRequest(path: string, route: Route, seq: number): BrunoRequest {
  const query = route.parameters.flatMap(({ name, in: place, schema = {} }): BrunoItem[] =>
    place === 'query' && name !== undefined
      ? [
          {
            name,
            value: String(schema.default ?? (schema.enum ?? schema.items?.enum)?.[0] ?? ''),
            enabled: false,
            type: 'query',
          },
        ]
      : [],
  );
  return {
    meta: { name: route.operationId, type: 'http', seq },
    http: { method: 'get', url: `{{url}}${path.replaceAll(PATH_PARAMETER, ':$1')}`, body: 'none', auth: 'inherit' },
    params: [...query, ...pathParams(path, route)],
    ...(path.includes('{cpf}') && { vars: { res: [interactionOfAnswer] } }),
    docs: `${route.summary}\n\n${route.description}`,
  };
}

/** The request for a proof asks for that of the last answer about a person. */
const interactionOfAnswer = {
  name: 'interacao',
  value: "res.headers['x-fapi-interaction-id']",
  enabled: true,
  local: false,
} as const;

const PATH_PARAMETER = /\{(\w+)\}/g;

/** The CPF and the interaction are variables. Another parameter has its first example. @throws Error for one without an example */
const pathParams = (path: string, { parameters }: Route): BrunoItem[] =>
  [...path.matchAll(PATH_PARAMETER)].map(([, name = '']) => {
    const { examples = {} } = parameters.find((parameter) => parameter.name === name) ?? {};
    const value = name === 'cpf' || name === 'interacao' ? `{{${name}}}` : Object.values(examples)[0]?.value;
    if (value === undefined) throw new Error(`the parameter ${name} of ${path} has no example`);
    return { name, value: String(value), type: 'path', enabled: true };
  });

function documentRequest({ name, body }: PersistedOperation, seq: number): BrunoRequest {
  return {
    meta: { name, type: 'graphql', seq },
    http: { method: 'post', url: '{{url}}/graphql', body: 'graphql', auth: 'inherit' },
    body: { graphql: { query: body.trimEnd(), variables: JSON.stringify(variablesOf(body), null, 2) } },
  };
}

function idRequest({ name, id, body }: PersistedOperation, seq: number): BrunoRequest {
  const request = {
    variables: variablesOf(body),
    extensions: { persistedQuery: { version: 1, sha256Hash: id } },
  };
  return {
    meta: { name, type: 'http', seq },
    http: { method: 'post', url: '{{url}}/graphql', body: 'json', auth: 'inherit' },
    body: { json: JSON.stringify(request, null, 2) },
  };
}

/** A value for each variable: that of the environment, a page of 25, or null. @throws Error for a required variable of another type */
function variablesOf(document: string): Record<string, unknown> {
  const operation = parse(document).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return Object.fromEntries(
    (operation?.variableDefinitions ?? []).map(({ variable, type }) => [variable.name.value, valueOf(type)]),
  );
}

function valueOf(type: TypeNode): unknown {
  if (type.kind !== Kind.NON_NULL_TYPE) return null;
  if (type.type.kind === Kind.LIST_TYPE) return [valueOf(type.type.type)];
  const name = type.type.name.value;
  if (name === 'CPF') return '{{cpf}}';
  if (name === 'Int') return 25;
  throw new Error(`a variable of the type ${name} has no value for the Bruno collection`);
}
