import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

interface LogLine {
  readonly interacao?: string;
  readonly rota?: string;
  readonly [name: string]: unknown;
}

interface Sent {
  readonly url: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  /** The body of a POST; a request without one is a GET. */
  readonly body?: string;
}

const punctuated = (cpf: string): string => cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
const withWrongDigit = (cpf: string): string => cpf.slice(0, 10) + ((Number(cpf[10]) + 1) % 10);
const post = (query: string, variables: object = {}, otherKeys: object = {}) => JSON.stringify({ query, variables, ...otherKeys }); // prettier-ignore

describe('The log', () => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;
  const tokens: string[] = [];

  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'relayed', env: { EVENT_TIMEOUT_MILLIS: '' } }); // one test waits for a hung Event
    cpf = await addPerson(graph);
    token = await mint({ consentimento: [cpf] });
  });
  afterEach(() => Object.values(graph.relays).forEach((relay) => relay.fail(undefined)));
  afterAll(() => graph.close());

  async function mint(request: Parameters<WholeGraph['environment']['token']>[0]): Promise<string> {
    const made = await graph.environment.token(request);
    tokens.push(made);
    return made;
  }

  const lines = (): LogLine[] => graph.environment.logLines().map((line) => JSON.parse(line) as LogLine);

  /** The log lines of a request, which are written after the client has the answer. */
  async function linesOf(interacao: string, isThere: (line: LogLine) => boolean = ({ rota }) => !!rota) {
    const ownLines = () => lines().filter((line) => line.interacao === interacao);
    for (let round = 0; round < 200 && !ownLines().some(isThere); round++) await sleep(20);
    await sleep(20); // other services may still write theirs
    return ownLines();
  }

  /** Sends a request with a new interaction id. @returns its status and its log lines */
  async function logged({ url, token: bearer, headers, body }: Sent) {
    const interacao = randomUUID();
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'x-fapi-interaction-id': interacao,
        'content-type': 'application/json',
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    await response.text();
    return { status: response.status, interacao, lines: await linesOf(interacao) };
  }

  function expectNothingPersonal(): void {
    const log = graph.environment.logLines().join('\n');
    const { bases } = graph;
    const urls = [bases.baseA, bases.baseB, bases.baseC, bases.auditoria].flatMap((base) => [base.readerUrl, base.ownerUrl]); // prettier-ignore
    const digits = [cpf, withWrongDigit(cpf)];
    const secrets = [
      ...digits,
      ...digits.map(punctuated),
      ...digits.map((cpf) => encodeURIComponent(punctuated(cpf))),
      'Bruno',
      'Fictício',
      'Rua das Amostras',
      ...tokens.flatMap((jwt) => jwt.split('.').slice(1)),
      ...urls.flatMap((url) => [url, new URL(url).password]),
      ...[graph.environment.env['CPF_HASH_KEY']!, graph.environment.env['INTERNAL_KEY']!],
    ].filter((secret) => secret !== '');
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  }

  it('has one line for each request, with id, client, route or operation, status and time', async () => {
    const { router, subgraphs } = graph;
    const client = { cliente: 'desenvolvimento', pessoas: [expect.stringMatching(/^[\w-]{16,}$/)] };
    const requests: [Sent, object][] = [
      [{ url: `${router.url}/graphql`, body: post(EXAMPLE_QUERY, { cpf }) }, { rota: '/graphql', metodo: 'POST', operacao: 'Pessoa', status: 200 }], // prettier-ignore
      ...(['/divida', '/score', '/evento', '/evento/movtofinanceiro', '/evento/ultcompracartao'] as const).map(
        (path): [Sent, object] => [{ url: `${router.url}${path}/${cpf}` }, { rota: `${path}/:cpf`, metodo: 'GET', status: 200 }], // prettier-ignore
      ),
      [{ url: `${subgraphs.debt.url}/divida/${punctuated(cpf)}` }, { rota: '/divida/:cpf', metodo: 'GET', status: 200 }], // prettier-ignore
      [{ url: `${subgraphs.score.url}/score/${cpf}` }, { rota: '/score/:cpf', metodo: 'GET', status: 200 }],
      [{ url: `${subgraphs.event.url}/evento/${cpf}` }, { rota: '/evento/:cpf', metodo: 'GET', status: 200 }],
    ];
    for (const [request, expected] of requests) {
      const { status, interacao, lines: requestLines } = await logged({ ...request, token });
      expect(status).toBe(200);
      const { rota, operacao } = expected as LogLine;
      const routeLines = requestLines.filter(
        (line) => line.rota === rota && (!operacao || line['operacao'] === operacao),
      );
      expect(routeLines).toEqual([
        expect.objectContaining({ ...client, ...expected, interacao, operacao: expect.any(String), ms: expect.any(Number) }), // prettier-ignore
      ]);
      expect(routeLines[0]!['ms']).toBeGreaterThan(0);
    }
    expectNothingPersonal();
  });

  it('has the reason of a refusal, and nothing from the request', async () => {
    const { router, subgraphs } = graph;
    const bad = withWrongDigit(cpf);
    const scopeless = await mint({ scope: 'nada:nenhum' });
    const asGraphql = (body: string, bearer: string | undefined = token): Sent => ({ url: `${router.url}/graphql`, body, ...(bearer && { token: bearer }) }); // prettier-ignore
    const forged = `${token.split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}`;
    const wrong: [Sent, number, string][] = [
      [{ url: `${router.url}/divida/${cpf}` }, 401, 'UNAUTHENTICATED'],
      ...[forged, await mint({ ttlSeconds: -60 }), await mint({ audience: 'outro' }), `x${cpf}`].flatMap(
        (bearer): [Sent, number, string][] => [
          [asGraphql(post(EXAMPLE_QUERY, { cpf }), bearer), 401, 'UNAUTHENTICATED'],
          [{ url: `${router.url}/score/${cpf}`, token: bearer }, 401, 'UNAUTHENTICATED'],
          [{ url: `${subgraphs.event.url}/evento/${cpf}`, token: bearer }, 401, 'UNAUTHENTICATED'],
        ],
      ),
      [{ url: `${router.url}/divida/${cpf}`, token: await mint({ finalidade: null }) }, 403, 'FINALIDADE_AUSENTE'],
      [{ url: `${router.url}/divida/${bad}`, token }, 400, 'CPF_INVALIDO'],
      [{ url: `${router.url}/divida/${punctuated(bad)}`, token }, 400, 'CPF_INVALIDO'],
      [{ url: `${subgraphs.debt.url}/divida/${bad}`, token }, 400, 'CPF_INVALIDO'],
      [asGraphql(post(EXAMPLE_QUERY, { cpf: bad })), 400, 'CPF_INVALIDO'],
      [asGraphql(post(`{ pessoa(cpf: "${punctuated(bad)}") { nome } }`)), 400, 'CPF_INVALIDO'],
      [asGraphql(post(`{ pessoa(cpf: ${cpf}) { nome } }`)), 400, 'CPF_INVALIDO'],
      [asGraphql(post(`{ pessoa(cpf: "${cpf}") { nome${cpf} } }`)), 400, 'GRAPHQL_VALIDATION_FAILED'],
      [asGraphql(post(`{ pessoa(cpf: "${cpf}) { nome } }`)), 400, 'GRAPHQL_PARSE_FAILED'],
      [asGraphql(post(EXAMPLE_QUERY, { cpf }, { operationName: `P${cpf}` })), 400, 'OPERATION_RESOLUTION_FAILURE'],
      [asGraphql(`{"query": "${cpf}`), 400, 'BAD_USER_INPUT'],
      [asGraphql(post(EXAMPLE_QUERY, { cpf, enchimento: cpf.repeat(10_000) })), 400, 'LIMITE_EXCEDIDO'],
      [asGraphql(post(EXAMPLE_QUERY, { cpf }), scopeless), 200, 'UNAUTHORIZED_FIELD_OR_TYPE'],
      [{ url: `${router.url}/divida/${cpf}`, token: scopeless }, 403, 'UNAUTHORIZED_FIELD_OR_TYPE'],
      [{ url: `${subgraphs.score.url}/score/${cpf}`, token: scopeless }, 403, 'UNAUTHORIZED_FIELD_OR_TYPE'],
      [{ url: `${router.url}/pessoa/${cpf}?nome=Bruno`, token }, 404, 'ROTA_DESCONHECIDA'],
      [{ url: `${router.url}/evento/${cpf}?cursor=${cpf}`, token }, 400, 'BAD_USER_INPUT'],
    ];
    for (const [request, status, codigo] of wrong) {
      const answer = await logged(request);
      expect({ sent: request, status: answer.status }).toEqual({ sent: request, status });
      expect({ sent: request, lines: answer.lines }).toEqual({
        sent: request,
        lines: expect.arrayContaining([expect.objectContaining({ rota: expect.anything(), codigo })]),
      });
      if (codigo === 'UNAUTHENTICATED') expect(answer.lines).toEqual([expect.objectContaining({ motivo: expect.any(String) })]); // prettier-ignore
    }
    expectNothingPersonal();
  });

  it('names a lost source and its cause, but no person', async () => {
    const { router, relays, bases, subgraphs } = graph;
    const alias = `query Cliente_${cpf} { p${cpf}: pessoa(cpf: "${cpf}") { nome score { valor } n${cpf}: endereco { cidade } } }`; // prettier-ignore
    relays.score.fail({ kind: 'dropped' });
    relays.debt.fail({ kind: 'answers', body: JSON.stringify({ data: { pessoa: { nome: 'Bruno' } }, errors: [{ message: `no ${cpf}` }] }) }); // prettier-ignore
    const response = await logged({ url: `${router.url}/graphql`, body: post(alias), token });
    expect(response.status).toBe(200);
    expect(response.lines).toContainEqual(expect.objectContaining({ codigo: 'FONTE_INDISPONIVEL', fonte: 'score', err: expect.anything() })); // prettier-ignore
    expect((await logged({ url: `${router.url}/score/${cpf}`, token })).status).toBe(503);

    relays.debt.fail(undefined);
    await bases.baseA.owner.query('ALTER TABLE pessoa RENAME TO pessoa_antiga');
    const broken = await logged({ url: `${router.url}/graphql`, body: post(alias), token });
    expect(broken.lines.some(({ caminho, err }) => caminho !== undefined && err !== undefined)).toBe(true);
    expect((await logged({ url: `${subgraphs.debt.url}/divida/${cpf}`, token })).status).toBe(503);
    await bases.baseA.owner.query('ALTER TABLE pessoa_antiga RENAME TO pessoa');
    expectNothingPersonal();
  });

  it('has a line for a request whose client went away', async () => {
    const { router, relays } = graph;
    relays.event.fail({ kind: 'hung' });
    const interacao = randomUUID();
    const leaving = new AbortController();
    relays.event.takeRequestCount();
    const gone = fetch(`${router.url}/evento/${cpf}`, {
      headers: { authorization: `Bearer ${token}`, 'x-fapi-interaction-id': interacao },
      signal: leaving.signal,
    });
    gone.catch(() => {});
    while (relays.event.takeRequestCount() === 0) await sleep(5);
    leaving.abort();
    await expect(gone).rejects.toThrow('aborted');
    const routeLines = await linesOf(interacao, ({ rota }) => rota === '/evento/:cpf');
    expect(routeLines.filter(({ rota }) => rota === '/evento/:cpf')).toEqual([
      expect.objectContaining({ cliente: 'desenvolvimento', abandonada: true, ms: expect.any(Number) }),
    ]);
    expectNothingPersonal();
  });

  it('masks a CPF in an error, even inside a word', () => {
    graph.environment.logger.warn({ err: new Error(`no field p${cpf} or cpf_${cpf}`, { cause: `at ${punctuated(cpf)}` }) }); // prettier-ignore
    expect(lines().at(-1)).toMatchObject({ err: { message: 'no field p[CPF] or cpf_[CPF]' } });
    expectNothingPersonal();
  });
});
