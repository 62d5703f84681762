import { answersIn, codeOf, firstAnswer, type RawAnswer, rawExchange, request } from '@pessoa/testkit/raw-http';
import { newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const MUTATED = 250;

/** Where each of the four takes a CPF by REST. */
const PATHS = { router: '/divida', debt: '/divida', score: '/score', event: '/evento/movtofinanceiro' } as const;
const SERVICES = Object.keys(PATHS) as (keyof typeof PATHS)[];

const JSON_HEAD = 'content-type: application/json\r\n';
const CHUNKED = `${JSON_HEAD}transfer-encoding: chunked\r\n`;

interface Case {
  readonly what: string;
  readonly bytes: (path: string, authorization: string) => string | Buffer;
  readonly codes: readonly string[];
}

/** Each ends the connection, so that all that comes back is seen. */
const cases: readonly Case[] = [
  { what: 'a percent sign alone', bytes: (path) => request(`GET ${path}%`), codes: ['BAD_USER_INPUT'] },
  { what: 'half an escape', bytes: (path) => request(`GET ${path}%4`), codes: ['BAD_USER_INPUT'] },
  { what: 'an escape that is no UTF-8', bytes: (path) => request(`GET ${path}%E3`), codes: ['BAD_USER_INPUT'] },
  { what: 'an escape of the query', bytes: (path) => request(`GET ${path}?a=%zz`), codes: ['BAD_USER_INPUT'] },
  { what: 'bytes over 127', bytes: (path) => Buffer.from(request(`GET ${path}\xe3`), 'latin1'), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'a space in the path', bytes: (path) => request(`GET ${path} x`), codes: ['BAD_USER_INPUT'] },
  { what: 'no host', bytes: (path) => `GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`, codes: ['BAD_USER_INPUT'] },
  { what: 'HTTP/1.0 without a host', bytes: (path) => `GET ${path} HTTP/1.0\r\n\r\n`, codes: ['UNAUTHENTICATED'] },
  { what: 'HTTP/0.9', bytes: (path) => `GET ${path}\r\n\r\n`, codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] },
  { what: 'HTTP/3.0', bytes: (path) => `GET ${path} HTTP/3.0\r\nhost: a\r\n\r\n`, codes: ['BAD_USER_INPUT'] },
  { what: 'HTTP/2', bytes: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', codes: ['BAD_USER_INPUT'] },
  { what: 'TLS', bytes: () => Buffer.from('16030100a5010000a10303', 'hex'), codes: ['BAD_USER_INPUT'] },
  { what: 'lines that end with LF alone', bytes: (path) => `GET ${path} HTTP/1.1\nhost: a\nconnection: close\n\n`, codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'a line that ends with CR alone', bytes: (path) => `GET ${path} HTTP/1.1\rhost: a\r\r`, codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'a folded header', bytes: (path) => request(`GET ${path}`, 'x: a\r\n b\r\n'), codes: ['BAD_USER_INPUT'] },
  { what: 'a header without a colon', bytes: (path) => request(`GET ${path}`, 'x\r\n'), codes: ['BAD_USER_INPUT'] },
  { what: 'a header with NUL', bytes: (path) => request(`GET ${path}`, 'x: a\0b\r\n'), codes: ['BAD_USER_INPUT'] },
  { what: 'a header over 16 KB', bytes: (path) => request(`GET ${path}`, `x: ${'a'.repeat(17_000)}\r\n`), codes: ['LIMITE_EXCEDIDO'] }, // prettier-ignore
  { what: 'headers over 16 KB', bytes: (path) => request(`GET ${path}`, `x: ${'a'.repeat(90)}\r\n`.repeat(190)), codes: ['LIMITE_EXCEDIDO'] }, // prettier-ignore
  { what: 'a path over 16 KB', bytes: (path) => request(`GET ${path}${'1'.repeat(17_000)}`), codes: ['LIMITE_EXCEDIDO'] }, // prettier-ignore
  { what: 'a long parameter', bytes: (path) => request(`GET ${path}${'1'.repeat(5_000)}`), codes: ['UNAUTHENTICATED'] },
  { what: 'a typo', bytes: (path) => request(`GET ${path}/x`), codes: ['ROTA_DESCONHECIDA'] },
  { what: 'a whole address', bytes: (path) => request(`GET http://pessoa${path}`), codes: ['UNAUTHENTICATED'] },
  { what: 'an address of another scheme', bytes: (path) => request(`GET ftp://pessoa${path}`), codes: ['ROTA_DESCONHECIDA'] }, // prettier-ignore
  { what: 'CONNECT', bytes: () => request('CONNECT pessoa:443'), codes: ['METODO_NAO_PERMITIDO'] },
  { what: 'CONNECT of a path', bytes: (path) => request(`CONNECT ${path}`), codes: ['METODO_NAO_PERMITIDO', 'BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'a method of nobody', bytes: (path) => request(`FOO ${path}`), codes: ['METODO_NAO_PERMITIDO'] },
  { what: 'TRACE', bytes: (path) => request(`TRACE ${path}`), codes: ['METODO_NAO_PERMITIDO'] },
  { what: 'a method in small letters', bytes: (path) => request(`get ${path}`), codes: ['METODO_NAO_PERMITIDO'] },
  { what: 'DELETE of GraphQL', bytes: () => request('DELETE /graphql'), codes: ['METODO_NAO_PERMITIDO'] },
  { what: 'an expectation', bytes: (path, good) => request(`GET ${path}`, `${good}expect: 200-ok\r\n`), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'an expectation without a token', bytes: () => request('POST /graphql', `${JSON_HEAD}content-length: 2\r\nexpect: 100-continue\r\n`), codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'an upgrade', bytes: (path) => `GET ${path} HTTP/1.1\r\nhost: a\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n`, codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'a length that is none', bytes: () => request('POST /graphql', 'content-length: two\r\n'), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'two lengths', bytes: () => request('POST /graphql', 'content-length: 2\r\ncontent-length: 3\r\n'), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'a length and chunks', bytes: () => request('POST /graphql', `${CHUNKED}content-length: 2\r\n`), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'a coding that is none', bytes: () => request('POST /graphql', 'transfer-encoding: gzip\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'a chunk that is none', bytes: (_path, good) => request('POST /graphql', `${good}${CHUNKED}`, 'zz\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'a chunk that says too little', bytes: (_path, good) => request('POST /graphql', `${good}${CHUNKED}`, '1\r\n{}\r\n0\r\n\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'half a body, then another connection', bytes: (_path, good) => request('POST /graphql', `${good}${JSON_HEAD}content-length: 1\r\n`, '{'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'two hosts', bytes: (path) => request(`GET ${path}`, 'host: b\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'two tokens', bytes: (path, good) => request(`GET ${path}`, good + good), codes: ['UNAUTHENTICATED'] },
  { what: 'capitals', bytes: (path, good) => request(`GET ${path.toUpperCase()}`, good), codes: ['ROTA_DESCONHECIDA'] },
  { what: 'a type it does not give', bytes: (path, good) => request(`GET ${path}`, `${good}accept: image/png\r\n`), codes: ['TIPO_NAO_ACEITO'] }, // prettier-ignore
  { what: 'a body of a type it does not take', bytes: (_path, good) => request('POST /graphql', `${good}content-type: text/csv\r\ncontent-length: 1\r\n`, 'x'), codes: ['TIPO_NAO_SUPORTADO', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'a CPF that is none', bytes: (path, good) => request(`GET ${path}1`, good), codes: ['CPF_INVALIDO'] },
  { what: 'a CPF of 5,000 digits', bytes: (path, good) => request(`GET ${path}${'1'.repeat(5_000)}`, good), codes: ['CPF_INVALIDO'] }, // prettier-ignore
  { what: 'a token that is a CPF', bytes: (path) => request(`GET ${path}`, `authorization: Bearer ${path.split('/').at(-1)}\r\n`), codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'another scheme', bytes: (path) => request(`GET ${path}`, 'authorization: Basic eDp5\r\n'), codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'an interaction id that is a CPF', bytes: (path, good) => request(`GET ${path}`, `${good}x-fapi-interaction-id: ${path.split('/').at(-1)}\r\n`), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { what: 'a body over 100 KB', bytes: (_path, good) => request('POST /graphql', `${good}${JSON_HEAD}content-length: 99999999\r\n`), codes: ['LIMITE_EXCEDIDO', 'UNAUTHENTICATED'] }, // prettier-ignore
  { what: 'a query with NUL', bytes: (path) => request(`GET ${path}?a=%00`), codes: ['BAD_USER_INPUT'] },
];

describe.each(SERVICES)('Every answer is of the closed table, from the first byte on, at every door: %s', (service) => {
  let path: string;
  let cpf: string;
  let authorization: string;
  let port: number;
  beforeAll(async () => {
    const { url } = service === 'router' ? graph.router : graph.subgraphs[service];
    port = Number(new URL(url).port);
    cpf = newCpf();
    path = `${PATHS[service]}/${cpf}`;
    authorization = `authorization: Bearer ${await graph.environment.token({ consentimento: [cpf] })}\r\n`;
  });

  /** Nothing of who is asked for, nor of who wrote the code, goes out or into the log. */
  function expectDiscreet(text: string, logged: readonly string[]): void {
    expect(text).not.toContain(cpf);
    expect(text).not.toMatch(/fastify|FST_|HPE_|ERR_/i);
    expect(logged.join('')).not.toContain(cpf);
    expect(logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  }

  async function ask(bytes: string | Buffer): Promise<RawAnswer> {
    const from = graph.environment.logLines().length;
    const text = await rawExchange(port, [bytes]);
    const [answer, ...more] = answersIn(text);
    expect(more).toEqual([]);
    const id = answer!.headers['x-fapi-interaction-id']!;
    const linesOfIt = (): string[] => graph.environment.logLines().slice(from).filter((line) => line.includes(id)); // prettier-ignore
    for (let turn = 0; turn < 100 && linesOfIt().length === 0; turn++) await new Promise(setImmediate);
    expect(linesOfIt()).not.toEqual([]); // the router's request to a subgraph has the same id
    expectDiscreet(text, graph.environment.logLines().slice(from));
    return answer!;
  }

  it.each(cases)('$what', async ({ bytes, codes }) => {
    const code = codeOf(await ask(bytes(path, authorization)));
    expect(codes).toContain(code);
  });

  it('what is asked well beside all that is answered', async () => {
    expect(await ask(request(`GET ${path}`, authorization))).toMatchObject({ status: 404 });
    expect(await ask(request(`OPTIONS ${path}`))).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS' } }); // prettier-ignore
    expect(await ask(request('OPTIONS *'))).toMatchObject({ status: 204 });
  });

  it.each(['', '%', '/x', '?a=%zz'])('HEAD has the status of GET and no body: the path%s', async (end) => {
    const [get] = answersIn(await rawExchange(port, [request(`GET ${path}${end}`)]));
    const text = await rawExchange(port, [request(`HEAD ${path}${end}`)]);
    const [head, ...more] = answersIn(text, { head: true });
    expect([head!.status, head!.headers['content-length'], more]).toEqual([get!.status, get!.headers['content-length'], []]); // prettier-ignore
    expect(head!.headers['x-fapi-interaction-id']).toMatch(/^[0-9a-f-]{36}$/);
    expectDiscreet(text, []);
  });

  it('a good request after a refused one on its connection has its own answer', async () => {
    const refused = `GET ${path}1 HTTP/1.1\r\nhost: a\r\n${authorization}\r\n`;
    const text = await rawExchange(port, [refused, request('GET /health/live')]);
    expect(answersIn(text)).toMatchObject([{ status: 400 }, { status: 200, body: '{"status":"ok"}' }]);
  });

  it.each([
    ['rubbish', '\x16\x03 rubbish\r\n\r\n'],
    ['a method of nobody', 'FOO / HTTP/1.1\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['a bad path', 'GET /divida/% HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
    ['headers over 16 KB', `GET / HTTP/1.1\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`],
  ])('a good request keeps its answer, whatever follows in the same packet: %s', async (_what, bad) => {
    const text = await rawExchange(port, [`GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n${bad}`]);
    const [first, ...others] = answersIn(text);
    expect(first).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    for (const other of others) codeOf(other);
    expectDiscreet(text, []);
  });

  it(`a request of which any byte is another, ${MUTATED} times`, async () => {
    const good = `GET ${path}?limite=1 HTTP/1.1\r\nhost: pessoa\r\naccept: application/json\r\nx-finalidade: COBRANCA\r\n\r\n\r\n\r\n`; // prettier-ignore
    let random = 20_261_128;
    const next = (below: number): number => (random = (random * 48_271) % 2_147_483_647) % below;
    const from = graph.environment.logLines().length;
    const codes = new Set<string>();
    for (let turn = 0; turn < MUTATED; turn++) {
      const bytes = Buffer.from(good);
      for (let change = next(3); change >= 0; change--)
        bytes[next(bytes.length - 6)] = next(2) === 0 ? next(256) : 33 + next(94);
      const text = await firstAnswer(port, bytes);
      const [answer] = answersIn(text);
      if (!answer) throw new Error(`no answer to ${JSON.stringify(bytes.toString('latin1'))}`);
      if (answer.status !== 204) codes.add(codeOf(answer));
      expectDiscreet(text, []);
    }
    expect([...codes]).toEqual(expect.arrayContaining(['BAD_USER_INPUT', 'METODO_NAO_PERMITIDO', 'UNAUTHENTICATED'])); // prettier-ignore
    expectDiscreet('', graph.environment.logLines().slice(from));
  });
});

let graph: WholeGraph;
beforeAll(async () => {
  graph = await startWholeGraph();
});
afterAll(() => graph.close());
