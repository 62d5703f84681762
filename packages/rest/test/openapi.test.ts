import { readdirSync, readFileSync } from 'node:fs';
import { PublicError } from '@pessoa/domain/errors';
import { Validator } from '@seriousme/openapi-schema-validator';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from '../src/openapi.ts';
import { restRoutes } from '../src/routes.ts';
import { ANA, BIA, examples, get, UNKNOWN_PERSON, sdl } from './rest-graph.ts';

const document = openApiDocument(sdl, examples);

const ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

const pointer = (...steps: string[]): string =>
  steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** @returns the faults of a body by a schema of the document; empty when it is valid */
function faultsOf(body: object, ...schema: string[]): unknown[] {
  const validate = ajv.getSchema(`openapi#/${pointer(...schema)}`);
  if (validate === undefined) throw new Error(`no schema at ${schema.join(' ')}`);
  validate(body);
  return validate.errors ?? [];
}

const bodySchema = (path: string) => [
  'paths',
  path,
  'get',
  'responses',
  '200',
  'content',
  'application/json',
  'schema',
];

/** Objects of the document whose members are named by us. */
const namedMaps = new Set(['properties', 'schemas', 'parameters', 'headers', 'responses', 'tags', 'securitySchemes']);

/** The places of named things without a description. */
function placesWithoutDescription(node: unknown, place: readonly string[] = [], named = false): string[] {
  if (typeof node !== 'object' || node === null || place.includes('examples')) return [];
  const { description, $ref } = node as { description?: unknown; $ref?: unknown };
  const missing = named && !description && !$ref ? [place.join('/')] : [];
  const isHolder = !named && namedMaps.has(place.at(-1) ?? '');
  return [
    ...missing,
    ...Object.entries(node).flatMap(([name, child]) =>
      typeof child === 'string' ? [] : placesWithoutDescription(child, [...place, name], isHolder),
    ),
  ];
}

describe('The OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('has the five routes about people, those about the model and the audit, and nothing else', () => {
    expect(Object.keys(document['paths'] as object)).toEqual([
      '/divida/{cpf}',
      '/score/{cpf}',
      '/evento/{cpf}',
      '/evento/movtofinanceiro/{cpf}',
      '/evento/ultcompracartao/{cpf}',
      '/modelo/{versao}',
      '/auditoria/chave',
      '/auditoria/checkpoint',
      '/auditoria/tile/{nivel}/{indice}',
      '/auditoria/provas/{interacao}',
      '/auditoria/pessoa/{cpf}',
    ]);
  });

  it('describes the card of each version of the model', () => {
    const folder = new URL('../../../schema/models/', import.meta.url);
    const cards = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object);
    expect(cards.length).toBeGreaterThan(1);
    for (const card of cards) {
      expect(faultsOf(card, ...bodySchema('/modelo/{versao}'))).toEqual([]);
      const { fatores: _, ...incomplete } = card as Record<string, unknown>;
      expect(faultsOf(incomplete, ...bodySchema('/modelo/{versao}'))).not.toEqual([]);
    }
  });

  it.each(restRoutes)('describes the answers of $path about people with and without data', async ({ path }) => {
    for (const cpf of [ANA, BIA]) {
      const { status, body } = await get(path.replace('{cpf}', cpf));
      expect(status).toBe(200);
      expect(faultsOf(body, ...bodySchema(path))).toEqual([]);
    }
  });

  it.each(restRoutes)(
    'requires only the CPF in the body of $path, because `campos` can leave out the rest',
    async ({ path }) => {
      const { body } = await get(path.replace('{cpf}', ANA));
      for (const name of Object.keys(body)) {
        const { [name]: _, ...bodyWithoutMember } = body as Record<string, unknown>;
        expect(faultsOf(bodyWithoutMember, ...bodySchema(path)).length > 0).toBe(name === 'cpf');
      }
    },
  );

  it.each([
    ['money as a number', { valorOriginal: 1500.1 }],
    ['a value outside the enum', { modalidade: 'FIADO' }],
    ['a day that does not exist', { vencimento: '2026-02-30' }],
    ['null for a field that the SDL does not let be null', { credor: null }],
  ])('does not allow %s', async (_title, invalidFields) => {
    const { body } = await get(`/divida/${ANA}`);
    const [first] = (body as { dividas: object[] }).dividas;
    expect(
      faultsOf({ ...body, dividas: [{ ...first, ...invalidFields }] }, ...bodySchema('/divida/{cpf}')),
    ).not.toEqual([]);
  });

  it('describes every refusal', async () => {
    const refusals = await Promise.all([
      get(`/divida/${UNKNOWN_PERSON}`),
      get('/divida/1'),
      get(`/divida/${ANA}?limite=101`),
      get(`/score/${ANA}`, { faults: { 'Pessoa.score': new PublicError('FONTE_LENTA', { fonte: 'score' }) } }),
      get(`/score/${ANA}`, { faults: { 'Pessoa.score': new PublicError('UNAUTHORIZED_FIELD_OR_TYPE') } }),
    ]);
    for (const { body } of refusals) expect(faultsOf(body, 'components', 'schemas', 'Problem')).toEqual([]);
  });

  it('requires the scopes of the whole route, or of one of its parts', () => {
    expect(document).toMatchObject({
      paths: {
        '/divida/{cpf}': {
          get: { security: [{ bearer: ['divida:read', 'cadastro:read'] }, { bearer: ['divida:read'] }] },
        },
        '/score/{cpf}': {
          get: {
            security: [
              { bearer: ['score:read', 'score:detalhe', 'cadastro:read'] },
              { bearer: ['score:read', 'score:detalhe'] },
              { bearer: ['score:detalhe'] },
              { bearer: ['score:detalhe', 'cadastro:read'] },
            ],
          },
        },
        '/evento/{cpf}': {
          get: { security: [{ bearer: ['evento:read', 'evento:movimentacao'] }, { bearer: ['evento:read'] }] },
        },
        '/evento/ultcompracartao/{cpf}': { get: { security: [{ bearer: ['evento:read', 'evento:movimentacao'] }] } },
      },
    });
  });

  it.each(restRoutes)('lists the parameters of $path, each with a description', ({ path, query }) => {
    const { parameters } = (document['paths'] as Record<string, { get: { parameters: object[] } }>)[path]!.get;
    const queryParameters = parameters.filter((parameter): parameter is { name: string } => 'name' in parameter);
    expect(queryParameters).toEqual(
      Object.keys(query).map((name) =>
        expect.objectContaining({ name, in: 'query', description: expect.stringMatching(/./) }),
      ),
    );
  });

  it('describes every property, parameter, schema, header, response and tag', () => {
    expect(placesWithoutDescription(document)).toEqual([]);
  });

  it.each([
    ['a field', 'Credor', '  "Nome do credor."\n', 'schemas/Credor/properties/nome'],
    ['a type', 'Instituicao', '"Instituição financeira ou de pagamento."\n', 'schemas/Instituicao'],
    ['an enum', 'FormaPagamento', '"Como uma compra é paga."\n', 'schemas/FormaPagamento'],
  ])('test notices %s without a description', (_title, _type, description, place) => {
    const without = (text: string) => text.replace(description, '');
    const changedSdl = { debt: without(sdl.debt), score: without(sdl.score), event: without(sdl.event) };
    expect(placesWithoutDescription(openApiDocument(changedSdl, examples))).toEqual([`components/${place}`]);
  });

  it('has an example of every refusal, named by its code', () => {
    const { responses } = document['components'] as unknown as {
      responses: Record<
        string,
        { content: { [type: string]: { examples: Record<string, { value: { code: string } }> } } }
      >;
    };
    const refusalExamples = Object.values(responses).flatMap(({ content }) =>
      Object.entries(content['application/problem+json']!.examples),
    );
    for (const [name, { value }] of refusalExamples) {
      expect(name.startsWith(value.code)).toBe(true);
      expect(faultsOf(value, 'components', 'schemas', 'Problem')).toEqual([]);
    }
    const { properties } = (document['components'] as never)['schemas']['Problem'] as {
      properties: { code: { enum: string[] } };
    };
    expect(new Set(refusalExamples.map(([, { value }]) => value.code))).toEqual(new Set(properties.code.enum));
  });

  it.each(restRoutes)('has examples of $path that fit its schema', ({ path }) => {
    const { answers } = examples;
    const bodies = answers.filter(({ route }) => route === path).map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(1);
    for (const body of bodies) expect(faultsOf(body, ...bodySchema(path))).toEqual([]);
  });

  it('has the descriptions of the SDL of any service', () => {
    expect(document).toMatchObject({
      components: { schemas: { Endereco: { properties: { cep: { description: 'Oito dígitos, sem hífen.' } } } } },
    });
  });

  it('cannot be made when two routes show different fields of one type', () => {
    const divided = { ...sdl, score: sdl.score.replace('logradouro: String', 'logradouro: String!') };
    expect(() => openApiDocument(divided, examples)).toThrow('different fields of Endereco');
  });
});
