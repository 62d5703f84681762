import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { fixedClock, systemClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { MANIFEST_FORMAT, operationId } from '@pessoa/router/persisted-operations/operation-manifest';
import { pageOperationIds } from '@pessoa/router/person-page/page-operations';
import { pageSessions } from '@pessoa/router/person-page/page-session';
import { developmentIssuer, type TokenRequest } from '@pessoa/service/development/development-keys';
import { graphql } from '@pessoa/testkit/graphql-client';
import { codeBlocksOf } from '../src/documents.ts';
import { dpopClient } from '../src/dpop-client.ts';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** The operation that the document shows. */
const BRIEF = codeBlocksOf('docs/mcp.md').find(({ language }) => language === 'graphql')!.text + '\n';
const SEVERAL =
  'query ComprasDeVarias($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf eventos { ultimaCompraCartao { id } } } }';
const PUBLIC_URL = 'https://api.pessoa.example';
const ORIGIN = 'https://assistente.example';
const PAGE_ORIGIN = 'https://consulta.example';

interface ToolAnswer {
  readonly data?: { readonly pessoa: Record<string, never> };
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly motivo?: string } }[];
  readonly extensions?: { readonly errosOmitidos?: number };
}

describe('/mcp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-mcp-'));
  const clients: Client[] = [];
  let graph: WholeGraph;
  let url: string;
  let cpf: string;

  beforeAll(async () => {
    const manifest = join(folder, 'operations.json');
    const operations = Object.entries({ ScoreBreve: BRIEF, ComprasDeVarias: SEVERAL }).map(([name, body]) => ({ id: operationId(body), name, type: 'query', body })); // prettier-ignore
    writeFileSync(manifest, JSON.stringify({ ...MANIFEST_FORMAT, operations }));
    graph = await startWholeGraph({
      wiring: 'single',
      clock: fixedClock('2026-11-22T15:00:00Z'),
      env: {
        MCP: 'on',
        PERSISTED_OPERATIONS: 'only',
        PERSISTED_OPERATIONS_MANIFEST: manifest,
        DPOP_URLS: PUBLIC_URL,
        CORS_ORIGINS: ORIGIN,
      },
    });
    url = graph.router.url;
    cpf = await addPerson(graph);
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await graph?.close();
    rmSync(folder, { recursive: true });
  });

  /** The SDK's own client, with a token of its own. */
  async function connect(
    request: TokenRequest = { consentimento: [cpf] },
    { router = url, headers = {} }: { router?: string; headers?: Record<string, string> } = {},
  ): Promise<Client> {
    const authorization = `Bearer ${await graph.environment.token(request)}`;
    const transport = new StreamableHTTPClientTransport(new URL(`${router}/mcp`), {
      requestInit: { headers: { authorization, ...headers } },
    });
    const client = new Client({ name: 'teste', version: '1.0.0' });
    clients.push(client);
    await client.connect(transport as never);
    return client;
  }

  async function call(client: Client, name: string, variables: Record<string, unknown>) {
    const { structuredContent, content, isError } = await client.callTool({ name, arguments: variables });
    expect(JSON.parse((content as { text: string }[])[0]!.text)).toEqual(structuredContent);
    return { isError, answer: structuredContent as ToolAnswer };
  }

  async function post(body: unknown, headers: Record<string, string> = {}, router = url) {
    const token = await graph.environment.token({ consentimento: [cpf] });
    const response = await fetch(`${router}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as { code?: string } }; // prettier-ignore
  }
  const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

  async function audited(person: string): Promise<object[]> {
    const hashOf = cpfHasher(Buffer.from(graph.environment.env['CPF_HASH_KEY']!, 'base64url'));
    const { rows } = await graph.bases.auditoria.owner.query<object>(
      'SELECT campos, client_id, finalidade, resultado FROM acesso WHERE cpf_hash = $1 ORDER BY client_id',
      [hashOf(person as Parameters<typeof hashOf>[0])],
    );
    return rows;
  }

  it('lists the persisted operations as tools, with the schema of their variables', async () => {
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...restRoutes.map(({ name }) => name),
      'ScoreBreve',
      'ComprasDeVarias',
    ]);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
    const [brief] = tools.filter(({ name }) => name === 'ScoreBreve');
    expect(brief).toMatchObject({
      description:
        'O score de uma pessoa e sua faixa, sem detalhes. Use antes de qualquer outra consulta. Escopos para a resposta inteira: `score:read`.',
      inputSchema: { required: ['cpf'], additionalProperties: false },
    });
    const [postings] = tools.filter(({ name }) => name === 'MovimentacaoFinanceira');
    expect(postings!.inputSchema).toMatchObject({
      type: 'object',
      required: ['cpf', 'first'],
      properties: {
        cpf: { type: 'string', pattern: expect.any(String), description: expect.any(String) },
        first: { type: 'integer' },
        after: { type: 'string' },
        filtro: {
          type: 'object',
          properties: {
            de: { type: 'string', format: 'date' },
            natureza: { enum: ['CREDITO', 'DEBITO'] },
            tipos: { type: 'array', items: { enum: expect.arrayContaining(['PIX']) } },
          },
        },
      },
    });
  });

  it('answers a tool call as GraphQL answers the operation, and writes it to the audit', async () => {
    const person = await addPerson(graph);
    const token = await graph.environment.token({ consentimento: [person] });
    const client = await connect({ consentimento: [person], clientId: 'assistente' });
    for (const { name, document } of restRoutes) {
      const variables = { cpf: person, ...(document.includes('$first: Int!') && { first: 2 }) };
      const { isError, answer } = await call(client, name, variables);
      const { body } = await graphql(url, { query: document, variables, token });
      expect({ name, isError, answer }).toEqual({ name, isError: false, answer: { data: body.data } });
    }
    const reads = (await audited(person)) as { client_id: string }[];
    const ofAssistant = reads.filter(({ client_id }) => client_id === 'assistente');
    expect(ofAssistant).toHaveLength(restRoutes.length);
    expect(ofAssistant[0]).toMatchObject({ finalidade: 'CONCESSAO_CREDITO' });
    expect(reads).toHaveLength(2 * restRoutes.length);
  });

  it('knows an operation that it has run before, and gives the same answer', async () => {
    const client = await connect();
    const answers = [];
    for (let time = 0; time < 4; time++) answers.push(await call(client, 'ScoreBreve', { cpf }));
    expect(answers).toEqual(Array(4).fill({ isError: false, answer: { data: { pessoa: { score: { valor: expect.any(Number), faixa: expect.any(String) } } } } })); // prettier-ignore
  });

  it('gives a token without the scope an error in the place of the score, and the audit has the refusal', async () => {
    const person = await addPerson(graph);
    const { isError, answer } = await call(await connect({ scope: 'divida:read', clientId: 'sem-escopo' }), 'ScoreBreve', { cpf: person }); // prettier-ignore
    expect({ isError, answer }).toEqual({
      isError: true,
      answer: {
        data: null,
        errors: [expect.objectContaining({ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO', escopos: ['score:read'] } })], // prettier-ignore
      },
    });
    expect(await audited(person)).toEqual([expect.objectContaining({ client_id: 'sem-escopo', resultado: 'NEGADO' })]);
  });

  it('says how many errors it left out of an answer', async () => {
    const client = await connect(); // with the consent of one other person
    const { isError, answer } = await call(client, 'ComprasDeVarias', {
      cpfs: Array.from({ length: 60 }, () => newCpf()),
    });
    expect([isError, answer.errors!.length, answer.extensions]).toEqual([true, 50, { errosOmitidos: 10 }]);
  });

  describe('with a router that serves the page of a person', () => {
    const PAGE = {
      OIDC_ISSUER: developmentIssuer,
      OIDC_CLIENT_ID: 'pagina',
      PERSON_PAGE_ORIGIN: PAGE_ORIGIN,
    };
    const asked = { extensions: { persistedQuery: { version: 1, sha256Hash: pageOperationIds['PaginaDaPessoa'] } } }; // prettier-ignore
    const toolsOf = async (router: string) => (await (await connect({}, { router })).listTools()).tools.map(({ name }) => name); // prettier-ignore

    async function ask(router: string, path: string, headers: Record<string, string>): Promise<unknown[]> {
      const response = await fetch(`${router}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-finalidade': 'CONCESSAO_CREDITO', ...headers },
        body: JSON.stringify({ ...asked, variables: { cpf } }),
      });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: ToolAnswer['errors'] };
      return [response.status, errors?.[0]?.extensions.code, (data as ToolAnswer['data'])?.pessoa !== undefined];
    }

    it("runs the page's operations at the page's door alone: no operator listed them", async () => {
      const { url: router } = await graph.startAnotherRouter(PAGE);
      expect(await toolsOf(router)).toEqual(await toolsOf(url));
      const token = await graph.environment.token({ consentimento: [cpf] });
      expect(await ask(router, '/graphql', { authorization: `Bearer ${token}` })).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST', false]); // prettier-ignore
      const cookies: string[] = [];
      const reply = { header: (_name: string, cookie: string) => cookies.push(cookie.split(';', 1)[0]!) };
      const key = Buffer.from(graph.environment.env['INTERNAL_KEY']!, 'base64url');
      const sessions = pageSessions({ key, isSecure: true }, () => systemClock.now());
      await sessions.begin(reply as unknown as Parameters<typeof sessions.begin>[0], { token, nome: 'Ana' });
      const headers = { cookie: cookies[0]!, origin: PAGE_ORIGIN, 'x-pessoa-pagina': '1' };
      expect(await ask(router, '/pessoa/graphql', headers)).toEqual([200, undefined, true]);
    });

    it('makes no tool of them, although the manifest has them', async () => {
      const { url: router } = await graph.startAnotherRouter({ ...PAGE, PERSISTED_OPERATIONS_MANIFEST: '' });
      expect(await toolsOf(router)).toEqual(restRoutes.map(({ name }) => name));
      const token = await graph.environment.token({ consentimento: [cpf] });
      expect(await ask(router, '/graphql', { authorization: `Bearer ${token}` })).toEqual([200, undefined, true]);
    });
  });

  it('gives a third party no postings without consent', async () => {
    const { isError, answer } = await call(await connect({}), 'UltimaCompraCartao', { cpf });
    expect(isError).toBe(true);
    expect(answer.errors![0]!.extensions).toEqual({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'CONSENTIMENTO' });
  });

  it.each([
    ['a CPF with wrong check digits', { cpf: '11111111112' }, 'CPF_INVALIDO'],
    ['no CPF', {}, 'BAD_USER_INPUT'],
    ['an argument that the tool does not have', { cpf: '52998224725', nome: 'x' }, 'BAD_USER_INPUT'],
  ])('gives %s the code of the table, and reads nobody', async (_title, variables, code) => {
    const { isError, answer } = await call(await connect(), 'ScoreBreve', variables);
    expect(isError).toBe(true);
    expect(answer).toEqual({ errors: [expect.objectContaining({ extensions: { code } })] });
    expect(JSON.stringify(answer)).not.toContain('11111111112');
  });

  it('refuses a page that is too large, as every door', async () => {
    const { answer } = await call(await connect(), 'Divida', { cpf, first: 101 });
    expect(answer.errors![0]!.extensions.code).toBe('LIMITE_EXCEDIDO');
  });

  it('names no tool that the list does not have', async () => {
    await expect((await connect()).callTool({ name: 'Apagar', arguments: {} })).rejects.toThrow(
      'There is no such tool',
    );
  });

  it.each([
    ['a token', { authorization: '' }, 401, 'UNAUTHENTICATED'],
    ['a body of JSON', { 'content-type': 'text/plain' }, 415, 'TIPO_NAO_SUPORTADO'],
    ['a purpose that is known', { 'x-finalidade': 'CURIOSIDADE' }, 400, 'BAD_USER_INPUT'],
    ['an origin that is listed', { origin: 'https://outro.example' }, 403, 'ORIGEM_NAO_ACEITA'],
  ])('needs %s', async (_title, headers, status, code) => {
    const answer = await post(LIST, headers);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('needs a purpose, in the token or in a header, also for the list', async () => {
    await expect(connect({ finalidade: null })).rejects.toThrow('FINALIDADE_AUSENTE');
    const client = await connect(
      { finalidade: null, consentimento: [cpf] },
      { headers: { 'x-finalidade': 'COBRANCA' } },
    );
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
  });

  it('serves pages of the origins that the operator lists', async () => {
    const answer = await post(LIST, { origin: ORIGIN });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('takes one message a request, within the limit of bodies, by POST alone', async () => {
    expect(await post([LIST, LIST])).toMatchObject({ status: 400, body: { code: 'LIMITE_EXCEDIDO' } });
    expect(await post({ ...LIST, params: { x: 'a'.repeat(110_000) } })).toMatchObject({ status: 400, body: { code: 'LIMITE_EXCEDIDO' } }); // prettier-ignore
    expect(await post({ jsonrpc: '1.0' })).toMatchObject({ status: 400, body: { error: { code: -32_700 } } });
    const get = await fetch(`${url}/mcp`, { headers: { accept: 'text/event-stream' } });
    expect({ status: get.status, allow: get.headers.get('allow') }).toEqual({ status: 405, allow: 'OPTIONS, POST' });
  });

  it('counts for the quotas of its client, which may not send more at any door', async () => {
    const { url: router } = await graph.startAnotherRouter({ RATE_LIMIT_REQUESTS: '3', REDIS_URL: '' });
    const request = { clientId: 'apressado', consentimento: [cpf] };
    const client = await connect(request, { router }); // `initialize`, and its notification
    expect((await call(client, 'ScoreBreve', { cpf })).isError).toBe(false);
    await expect(client.callTool({ name: 'ScoreBreve', arguments: { cpf } })).rejects.toThrow('RATE_LIMITED');
    const token = await graph.environment.token(request);
    expect((await graphql(router, { query: BRIEF, variables: { cpf }, token })).status).toBe(429);
  });

  it('refuses a person beyond the quota of people as the result of the tool', async () => {
    const { url: router } = await graph.startAnotherRouter({ RATE_LIMIT_PEOPLE: '1', REDIS_URL: '' });
    const client = await connect({ clientId: 'curioso' }, { router });
    expect((await call(client, 'ScoreBreve', { cpf })).isError).toBe(false);
    const { answer } = await call(client, 'ScoreBreve', { cpf: newCpf() });
    expect(answer.errors![0]!.extensions.code).toBe('RATE_LIMITED');
  });

  it('takes a token that is bound to a key with one proof a message', async () => {
    const key = dpopClient(PUBLIC_URL);
    const token = await graph.environment.token({ cnf: { jkt: key.jkt } });
    const headers = key.headers(token, 'POST', '/mcp');
    const message = { ...LIST, method: 'tools/call', params: { name: 'ScoreBreve', arguments: { cpf } } };
    expect(await post(message, headers)).toMatchObject({ status: 200, body: { result: { isError: false } } });
    expect((await post(message, headers)).status).toBe(401);
  });

  it('logs one line a message, with the operation, and nothing of the person', async () => {
    const interaction = '6b1f0f5e-0a7e-4f6a-9d3e-0f6a2b7c8d9e';
    const message = { ...LIST, method: 'tools/call', params: { name: 'ScoreBreve', arguments: { cpf } } };
    await post(message, { 'x-fapi-interaction-id': interaction });
    const lines = graph.environment.logLines().filter((line) => line.includes(interaction));
    const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ rota }) => rota === '/mcp'); // prettier-ignore
    expect(requests).toEqual([
      expect.objectContaining({ metodo: 'POST', operacao: 'ScoreBreve', status: 200, pessoas: [expect.any(String)] }),
    ]);
    expect(lines.join('')).not.toContain(cpf);
  });

  it('is not there unless it is switched on', async () => {
    const { url: router } = await graph.startAnotherRouter({ MCP: '' });
    expect(await post(LIST, {}, router)).toMatchObject({ status: 404, body: { code: 'ROTA_DESCONHECIDA' } });
  });
});
