import { answersIn, codeOf, rawExchange, request } from '@pessoa/testkit/raw-http';
import { newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** Nobody's, and in every request below: no answer may have it. */
const CPF = newCpf();
const ROUTES = { router: '/divida', debt: '/divida', score: '/score', event: '/evento' } as const;
type Door = keyof typeof ROUTES;

describe('Every answer is of the closed table, from the first byte on, at every door', () => {
  let graph: WholeGraph;
  let token: string;
  beforeAll(async () => {
    graph = await startWholeGraph();
    token = await graph.environment.token({ consentimento: [CPF] });
  });
  afterAll(() => graph.close());

  const portOf = (door: Door): number =>
    Number(new URL(door === 'router' ? graph.router.url : graph.subgraphs[door].url).port);

  const bearer = (): string => `authorization: Bearer ${token}\r\n`;
  const json = 'content-type: application/json\r\n';
  const chunked = `${json}transfer-encoding: chunked\r\n`;

  const cases: readonly [string, (route: string) => string | Buffer, readonly string[]][] = [
    ['a percent sign alone', (route) => request(`GET ${route}/${CPF}%`, bearer()), ['BAD_USER_INPUT']],
    ['%ff in the query', (route) => request(`GET ${route}/${CPF}?limite=%ff`, bearer()), ['BAD_USER_INPUT']],
    ['a typo', (route) => request(`GET ${route}s/${CPF}`, bearer()), ['ROTA_DESCONHECIDA']],
    ['a route of capitals', (route) => request(`GET ${route.toUpperCase()}/${CPF}`, bearer()), ['ROTA_DESCONHECIDA']],
    ['a path below', (route) => request(`GET ${route}/${CPF}/x/y`, bearer()), ['ROTA_DESCONHECIDA']],
    ['a method it does not take', (route) => request(`DELETE ${route}/${CPF}`, bearer()), ['METODO_NAO_PERMITIDO']],
    ['a method of nobody', (route) => request(`BREW ${route}/${CPF}`, bearer()), ['METODO_NAO_PERMITIDO']],
    ['CONNECT', () => request('CONNECT pessoa:443'), ['METODO_NAO_PERMITIDO']],
    ['a type it does not give', (route) => request(`GET ${route}/${CPF}`, `${bearer()}accept: image/png\r\n`), ['TIPO_NAO_ACEITO']], // prettier-ignore
    ['a body of a type it does not take', () => request('POST /graphql', `${bearer()}content-type: text/csv\r\ncontent-length: 1\r\n`, 'x'), ['TIPO_NAO_SUPORTADO', 'UNAUTHENTICATED']], // prettier-ignore
    ['a CPF that is none', (route) => request(`GET ${route}/${CPF.slice(1)}`, bearer()), ['CPF_INVALIDO']],
    ['a CPF of 5,000 digits', (route) => request(`GET ${route}/${'1'.repeat(5_000)}`, bearer()), ['CPF_INVALIDO']],
    ['no token', (route) => request(`GET ${route}/${CPF}`), ['UNAUTHENTICATED']],
    ['a token that is none', (route) => request(`GET ${route}/${CPF}`, `authorization: Bearer ${CPF}\r\n`), ['UNAUTHENTICATED']], // prettier-ignore
    ['two tokens', (route) => request(`GET ${route}/${CPF}`, bearer() + bearer()), ['UNAUTHENTICATED']],
    ['another scheme', (route) => request(`GET ${route}/${CPF}`, 'authorization: Basic eDp5\r\n'), ['UNAUTHENTICATED']],
    ['an interaction id that is none', (route) => request(`GET ${route}/${CPF}`, `${bearer()}x-fapi-interaction-id: ${CPF}\r\n`), ['BAD_USER_INPUT']], // prettier-ignore
    ['no host', (route) => `GET ${route}/${CPF} HTTP/1.1\r\nconnection: close\r\n\r\n`, ['BAD_USER_INPUT']],
    ['line feeds alone', (route) => `GET ${route}/${CPF} HTTP/1.1\nhost: x\n\n`, ['BAD_USER_INPUT']],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ['BAD_USER_INPUT']],
    ['TLS', () => Buffer.from('16030100a5010000a10303', 'hex'), ['BAD_USER_INPUT']],
    ['headers over 16 KB', (route) => request(`GET ${route}/${CPF}`, `x: ${'a'.repeat(17_000)}\r\n`), ['LIMITE_EXCEDIDO']], // prettier-ignore
    ['two lengths', () => request('POST /graphql', `${json}content-length: 2\r\ncontent-length: 3\r\n`, '{}'), ['BAD_USER_INPUT']], // prettier-ignore
    [
      'a length and chunks',
      () => request('POST /graphql', `${chunked}content-length: 2\r\n`, '{}'),
      ['BAD_USER_INPUT'],
    ],
    ['a chunk that is none', () => request('POST /graphql', bearer() + chunked, 'zz\r\n'), ['BAD_USER_INPUT', 'UNAUTHENTICATED']], // prettier-ignore
    ['a body over 100 KB', () => request('POST /graphql', `${bearer()}${json}content-length: 99999999\r\n`), ['LIMITE_EXCEDIDO', 'UNAUTHENTICATED']], // prettier-ignore
    ['JSON that is none', () => request('POST /graphql', `${bearer()}${json}content-length: 1\r\n`, '{'), ['BAD_USER_INPUT', 'UNAUTHENTICATED']], // prettier-ignore
  ];

  describe.each(Object.keys(ROUTES) as Door[])('%s', (door) => {
    it.each(cases)('%s', async (_what, bytesOf, codes) => {
      const text = await rawExchange(portOf(door), [bytesOf(ROUTES[door])]);
      const [answer, ...more] = answersIn(text);
      expect(more).toEqual([]);
      expect(codes).toContain(codeOf(answer!));
      expect(text).not.toMatch(new RegExp(`${CPF}|fastify|FST_ERR|HPE_|apollo|stack`, 'i'));
    });

    it('HTTP/1.0 is answered and closed', async () => {
      const text = await rawExchange(portOf(door), [`GET ${ROUTES[door]}/${CPF} HTTP/1.0\r\n${bearer()}\r\n`]);
      expect(answersIn(text)).toMatchObject([{ status: 404, headers: { connection: 'close' } }]);
    });

    it('a good request after a bad one on the same connection has its own answer, or none', async () => {
      const bad = `GET ${ROUTES[door]}/1 HTTP/1.1\r\nhost: x\r\n${bearer()}\r\n`;
      const text = await rawExchange(portOf(door), [bad, request('GET /health/live')]);
      expect(answersIn(text)).toMatchObject([{ status: 400 }, { status: 200, body: '{"status":"ok"}' }]);
    });

    it('OPTIONS and HEAD are as RFC 9110 has them', async () => {
      const path = `${ROUTES[door]}/${CPF}`;
      const [options] = answersIn(await rawExchange(portOf(door), [request(`OPTIONS ${path}`)]));
      expect([options!.status, options!.headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS']);
      const [head] = answersIn(await rawExchange(portOf(door), [request(`HEAD ${path}`, bearer())]), { head: true });
      expect(head).toMatchObject({ status: 404, body: '' });
    });
  });

  it('and none of it is an error in the log, or has the CPF there', () => {
    const lines = graph.environment.logLines();
    expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
    expect(lines.join('')).not.toContain(CPF);
  });
});
