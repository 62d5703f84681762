import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixedClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { MANIFEST_FORMAT, operationId } from '@pessoa/router/persisted-operations/operation-manifest';
import { rest } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const NAMED = 'query NomeDaPessoa($cpf: CPF!) {\n  pessoa(cpf: $cpf) {\n    nome\n  }\n}\n';
const FREE = 'query Livre($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }';
const named = operationId(NAMED);
const byId = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } });
const REST_IDS = restRoutes.map(({ document }) => operationId(document));

interface Answer {
  readonly status: number;
  readonly body: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] };
}

describe('Persisted operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-persisted-'));
  const manifest = join(folder, 'operations.json');
  let graph: WholeGraph;
  let cpf: string;
  let token: string;
  const urls: Record<'off' | 'on' | 'only', string> = { off: '', on: '', only: '' };

  beforeAll(async () => {
    const operation = { id: named, name: 'NomeDaPessoa', type: 'query', body: NAMED };
    writeFileSync(manifest, JSON.stringify({ ...MANIFEST_FORMAT, operations: [operation] }));
    graph = await startWholeGraph({
      clock: fixedClock('2026-11-22T15:00:00Z'),
      env: { PERSISTED_OPERATIONS_MANIFEST: manifest },
    });
    urls.off = graph.router.url;
    for (const mode of ['on', 'only'] as const) {
      urls[mode] = (await graph.startAnotherRouter({ PERSISTED_OPERATIONS: mode })).url;
    }
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(async () => {
    await graph.close();
    rmSync(folder, { recursive: true });
  });

  const headers = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const answerOf = async (response: Response): Promise<Answer> => ({
    status: response.status,
    body: (await response.json()) as Answer['body'],
  });
  const post = async (mode: keyof typeof urls, body: object, more: Record<string, string> = {}): Promise<Answer> =>
    answerOf(
      await fetch(`${urls[mode]}/graphql`, {
        method: 'POST',
        headers: { ...headers(), ...more },
        body: JSON.stringify(body),
      }),
    );
  const searchOf = (parameters: Record<string, unknown>): string =>
    new URLSearchParams(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ).toString();
  const get = (mode: keyof typeof urls, parameters: Record<string, unknown>, method = 'GET'): Promise<Response> =>
    fetch(`${urls[mode]}/graphql?${searchOf(parameters)}`, { method, headers: { authorization: `Bearer ${token}` } });
  const codeOf = ({ body }: Answer): string | undefined => body.errors?.[0]?.extensions.code;
  const variables = () => ({ cpf });
  const HIS_NAME = { status: 200, body: { data: { pessoa: { nome: 'Bruno Fictício' } } } };

  it('run by id, by POST and by GET, when the router knows them', async () => {
    for (const mode of ['on', 'only'] as const) {
      const request = { extensions: byId(named), variables: variables() };
      expect(await post(mode, request)).toEqual(HIS_NAME);
      expect(await post(mode, { ...request, operationName: 'NomeDaPessoa' })).toEqual(HIS_NAME);
      expect(await answerOf(await get(mode, request))).toEqual(HIS_NAME);
      const head = await get(mode, request, 'HEAD');
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(await post(mode, { ...request, query: NAMED })).toEqual(HIS_NAME);
      expect(await answerOf(await get(mode, { ...request, query: NAMED }))).toEqual(HIS_NAME);
    }
  });

  it('are off unless they are configured: an id is PERSISTED_QUERY_NOT_SUPPORTED, so that Apollo’s link sends the document', async () => {
    for (const id of [named, 'x', REST_IDS[0]]) {
      const answer = await post('off', { extensions: byId(id), variables: variables() });
      expect(answer).toEqual({ status: 200, body: { errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] } }); // prettier-ignore
    }
    expect(await post('off', { query: FREE, variables: variables() })).toEqual(HIS_NAME);
  });

  it('stand beside documents under `on`: an unknown id is PERSISTED_QUERY_NOT_FOUND, and nobody can add an operation', async () => {
    const extensions = byId(operationId(FREE));
    for (let use = 0; use < 3; use++) {
      const answer = await post('on', { extensions, variables: variables() });
      expect(answer).toEqual({ status: 200, body: { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] } }); // prettier-ignore
      expect(await post('on', { query: FREE, extensions, variables: variables() })).toEqual(HIS_NAME);
    }
    expect(await post('on', { query: FREE, variables: variables() })).toEqual(HIS_NAME);
  });

  it('are all that runs under `only`', async () => {
    for (const request of [
      { query: FREE },
      { query: FREE, extensions: byId(operationId(FREE)) },
      { extensions: byId(operationId(FREE)) },
      { query: `${NAMED} ` },
      { query: '{ __typename }' },
      { query: '{ __schema { queryType { name } } }' },
      { query: '{ not GraphQL' },
    ]) {
      const refused = await post('only', { ...request, variables: variables() });
      expect([refused.status, codeOf(refused)]).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST']);
      expect(JSON.stringify(refused.body)).not.toMatch(/Livre|pessoa|__schema|not GraphQL/);
      const byGet = await answerOf(await get('only', { ...request, variables: variables() }));
      expect([byGet.status, codeOf(byGet)]).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST']);
    }
    expect(await post('only', { query: NAMED, variables: variables() })).toEqual(HIS_NAME);
  });

  it('have the operations of the REST routes among them, which the routes run in every mode', async () => {
    for (const { path, document, name } of restRoutes) {
      const answers = await Promise.all(
        (['off', 'on', 'only'] as const).map((mode) => rest(urls[mode], path.replace('{cpf}', cpf), token)),
      );
      expect([name, ...answers.map(({ status }) => status)]).toEqual([name, 200, 200, 200]);
      const request = { extensions: byId(operationId(document)), variables: { cpf, first: 25, filtro: null } };
      for (const mode of ['on', 'only'] as const) {
        const { status, body } = await post(mode, request);
        expect([name, status, body.errors]).toEqual([name, 200, undefined]);
      }
    }
  });

  it.each([
    ['an id and another document', { query: FREE, extensions: byId(named) }],
    ['an id and an empty document', { query: '', extensions: byId(named) }],
    ['an id in upper case', { extensions: byId(named.toUpperCase()) }],
    ['a short id', { extensions: byId(named.slice(0, 63)) }],
    ['a long id', { extensions: byId(`${named}a`) }],
    ['`constructor` as id', { extensions: byId('constructor') }],
    ['`__proto__` as id', { extensions: byId('__proto__') }],
    ['version 2', { extensions: byId(named, 2) }],
    ['an id that is a number', { extensions: byId(7) }],
    ['an id that is a list', { extensions: byId([named]) }],
    ['what is no object', { extensions: { persistedQuery: named } }],
    ['nothing', { extensions: { persistedQuery: null } }],
    ['extensions that are no object', { extensions: [byId(named)] }],
  ])('are refused with BAD_USER_INPUT: %s', async (_title, request) => {
    for (const mode of ['on', 'only'] as const) {
      const answers = [
        await post(mode, { ...request, variables: variables() }),
        await answerOf(await get(mode, { ...request, variables: variables() })),
      ];
      expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual([
        [400, 'BAD_USER_INPUT'],
        [400, 'BAD_USER_INPUT'],
      ]);
    }
  });

  it('in a list of requests are LIMITE_EXCEDIDO', async () => {
    const answer = await post('only', [{ extensions: byId(named), variables: variables() }]);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'LIMITE_EXCEDIDO']);
  });

  it('need a token, its scopes and good variables, as documents do', async () => {
    const request = { extensions: byId(named), variables: variables() };
    expect(await post('only', request, { authorization: '' })).toMatchObject({ status: 401 });
    const weak = await graph.environment.token({ scope: '' });
    const denied = await post('only', request, { authorization: `Bearer ${weak}` });
    expect(denied).toMatchObject({ status: 200, body: { data: null } });
    expect(codeOf(denied)).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    const bad = await post('only', { ...request, variables: { cpf: '12345678900' } });
    expect([bad.status, codeOf(bad)]).toEqual([400, 'CPF_INVALIDO']);
    const other = await post('only', { ...request, operationName: 'Outra' });
    expect([other.status, codeOf(other)]).toEqual([400, 'OPERATION_RESOLUTION_FAILURE']);
  });

  it('have their names in the log and in the audit, by id and by document; other names are in neither', async () => {
    const operations: unknown[] = [];
    for (const request of [{ extensions: byId(named) }, { query: NAMED }, { query: FREE }]) {
      const interacao = randomUUID();
      const more = { 'x-fapi-interaction-id': interacao };
      expect(await post('on', { ...request, variables: variables() }, more)).toEqual(HIS_NAME);
      const { rows } = await graph.bases.auditoria.owner.query<{ operacao: string }>(
        'SELECT operacao FROM acesso WHERE interacao = $1',
        [interacao],
      );
      const lines = await requestLines(interacao);
      operations.push([lines.at(-1)?.['operacao'], rows.map(({ operacao }) => operacao)]);
    }
    const anonymous = expect.stringMatching(/^\(anônima\) [0-9a-f]{16}$/);
    expect(operations).toEqual([
      ['NomeDaPessoa', ['NomeDaPessoa']],
      ['NomeDaPessoa', ['NomeDaPessoa']],
      [anonymous, [anonymous]],
    ]);
    expect(graph.environment.logLines().join('\n')).not.toContain('Livre');
  });

  it('that are refused leave no record of a person, and their code in the log', async () => {
    const interacao = randomUUID();
    await post('only', { query: FREE, variables: variables() }, { 'x-fapi-interaction-id': interacao });
    expect(await requestLines(interacao)).toMatchObject([{ status: 400, codigo: 'PERSISTED_QUERY_NOT_IN_LIST' }]);
    const { rows } = await graph.bases.auditoria.owner.query('SELECT FROM acesso WHERE interacao = $1', [interacao]);
    expect(rows).toEqual([]);
  });

  /** The lines of the router and of the subgraphs that it asked. */
  async function requestLines(interacao: string): Promise<Record<string, unknown>[]> {
    const find = () =>
      graph.environment
        .logLines()
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line['interacao'] === interacao && line['rota'] === '/graphql');
    // The router writes its line last, after the client has the answer.
    for (let round = 0; round < 200 && find().length === 0; round++) await sleep(20);
    await sleep(200);
    return find();
  }

  it.each([
    ['a file that there is not', undefined, 'is not a file that can be read'],
    ['another version', { ...MANIFEST_FORMAT, version: 2, operations: [] }, '`version` is not 1'],
    ['an id of another body', { ...MANIFEST_FORMAT, operations: [{ id: named, name: 'Outra', type: 'query', body: FREE }] }, 'operation 1 (Outra): `id` is not the SHA-256 of `body` in lower-case hex'], // prettier-ignore
    ['an unknown field', { ...MANIFEST_FORMAT, operations: [{ id: operationId('query A { pessoas(cpfs: []) { idade } }'), name: 'A', type: 'query', body: 'query A { pessoas(cpfs: []) { idade } }' }] }, 'A: line 1: Cannot query field "idade" on type "Pessoa".'], // prettier-ignore
  ])('stop the start of the router: %s', async (_title, content, fault) => {
    const file = join(folder, `${randomUUID()}.json`);
    if (content) writeFileSync(file, JSON.stringify(content));
    const variablesOfRouter = { PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_MANIFEST: file };
    await expect(graph.startAnotherRouter(variablesOfRouter)).rejects.toThrow(
      `router cannot start:\n  PERSISTED_OPERATIONS_MANIFEST: ${fault}`,
    );
  });

  it('come from schema/operations.json when no file is named, and the router starts with it', async () => {
    const router = await graph.startAnotherRouter({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_MANIFEST: '' });
    const response = await fetch(`${router.url}/graphql`, { method: 'POST', headers: headers(), body: JSON.stringify({ extensions: byId(REST_IDS[1]), variables: variables() }) }); // prettier-ignore
    expect(await response.json()).toMatchObject({ data: { pessoa: { score: {} } } });
  });
});
