import { answersIn, codeOf, firstAnswer, type RawAnswer, rawExchange, request } from '@pessoa/testkit/raw-http';
import { newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const MUTATED = 250;

/** A REST route of each service that has a CPF in its path. */
const PATHS = { router: '/divida', debt: '/divida', score: '/score', event: '/evento/movtofinanceiro' } as const;
const SERVICES = Object.keys(PATHS) as (keyof typeof PATHS)[];

const JSON_HEAD = 'content-type: application/json\r\n';
const CHUNKED = `${JSON_HEAD}transfer-encoding: chunked\r\n`;

interface Case {
  readonly description: string;
  readonly bytes: (path: string, authorization: string) => string | Buffer;
  readonly codes: readonly string[];
}

/** Each request ends its connection, so that the test sees everything that comes back. */
const cases: readonly Case[] = [
  { description: 'a percent sign alone', bytes: (path) => request(`GET ${path}%`), codes: ['BAD_USER_INPUT'] },
  { description: 'half an escape', bytes: (path) => request(`GET ${path}%4`), codes: ['BAD_USER_INPUT'] },
  { description: 'an escape that is no UTF-8', bytes: (path) => request(`GET ${path}%E3`), codes: ['BAD_USER_INPUT'] },
  { description: 'an escape of the query', bytes: (path) => request(`GET ${path}?a=%zz`), codes: ['BAD_USER_INPUT'] },
  { description: 'bytes over 127', bytes: (path) => Buffer.from(request(`GET ${path}\xe3`), 'latin1'), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'a space in the path', bytes: (path) => request(`GET ${path} x`), codes: ['BAD_USER_INPUT'] },
  {
    description: 'no host',
    bytes: (path) => `GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`,
    codes: ['BAD_USER_INPUT'],
  },
  {
    description: 'HTTP/1.0 without a host',
    bytes: (path) => `GET ${path} HTTP/1.0\r\n\r\n`,
    codes: ['UNAUTHENTICATED'],
  },
  { description: 'HTTP/0.9', bytes: (path) => `GET ${path}\r\n\r\n`, codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] },
  { description: 'HTTP/3.0', bytes: (path) => `GET ${path} HTTP/3.0\r\nhost: a\r\n\r\n`, codes: ['BAD_USER_INPUT'] },
  { description: 'HTTP/2', bytes: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', codes: ['BAD_USER_INPUT'] },
  { description: 'TLS', bytes: () => Buffer.from('16030100a5010000a10303', 'hex'), codes: ['BAD_USER_INPUT'] },
  { description: 'lines that end with LF alone', bytes: (path) => `GET ${path} HTTP/1.1\nhost: a\nconnection: close\n\n`, codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'a line that ends with CR alone', bytes: (path) => `GET ${path} HTTP/1.1\rhost: a\r\r`, codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  {
    description: 'a folded header',
    bytes: (path) => request(`GET ${path}`, 'x: a\r\n b\r\n'),
    codes: ['BAD_USER_INPUT'],
  },
  {
    description: 'a header without a colon',
    bytes: (path) => request(`GET ${path}`, 'x\r\n'),
    codes: ['BAD_USER_INPUT'],
  },
  {
    description: 'a header with NUL',
    bytes: (path) => request(`GET ${path}`, 'x: a\0b\r\n'),
    codes: ['BAD_USER_INPUT'],
  },
  { description: 'a header over 16 KB', bytes: (path) => request(`GET ${path}`, `x: ${'a'.repeat(17_000)}\r\n`), codes: ['LIMITE_EXCEDIDO'] }, // prettier-ignore
  { description: 'headers over 16 KB', bytes: (path) => request(`GET ${path}`, `x: ${'a'.repeat(90)}\r\n`.repeat(190)), codes: ['LIMITE_EXCEDIDO'] }, // prettier-ignore
  { description: 'a path over 16 KB', bytes: (path) => request(`GET ${path}${'1'.repeat(17_000)}`), codes: ['LIMITE_EXCEDIDO'] }, // prettier-ignore
  {
    description: 'a long parameter',
    bytes: (path) => request(`GET ${path}${'1'.repeat(5_000)}`),
    codes: ['UNAUTHENTICATED'],
  },
  { description: 'a typo', bytes: (path) => request(`GET ${path}/x`), codes: ['ROTA_DESCONHECIDA'] },
  { description: 'a whole address', bytes: (path) => request(`GET http://pessoa${path}`), codes: ['UNAUTHENTICATED'] },
  { description: 'an address of another scheme', bytes: (path) => request(`GET ftp://pessoa${path}`), codes: ['ROTA_DESCONHECIDA'] }, // prettier-ignore
  { description: 'CONNECT', bytes: () => request('CONNECT pessoa:443'), codes: ['METODO_NAO_PERMITIDO'] },
  { description: 'CONNECT of a path', bytes: (path) => request(`CONNECT ${path}`), codes: ['METODO_NAO_PERMITIDO', 'BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'a method of nobody', bytes: (path) => request(`FOO ${path}`), codes: ['METODO_NAO_PERMITIDO'] },
  { description: 'TRACE', bytes: (path) => request(`TRACE ${path}`), codes: ['METODO_NAO_PERMITIDO'] },
  {
    description: 'a method in small letters',
    bytes: (path) => request(`get ${path}`),
    codes: ['METODO_NAO_PERMITIDO'],
  },
  { description: 'DELETE of GraphQL', bytes: () => request('DELETE /graphql'), codes: ['METODO_NAO_PERMITIDO'] },
  { description: 'an expectation', bytes: (path, good) => request(`GET ${path}`, `${good}expect: 200-ok\r\n`), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'an expectation without a token', bytes: () => request('POST /graphql', `${JSON_HEAD}content-length: 2\r\nexpect: 100-continue\r\n`), codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'an upgrade', bytes: (path) => `GET ${path} HTTP/1.1\r\nhost: a\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n`, codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'a length that is none', bytes: () => request('POST /graphql', 'content-length: two\r\n'), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'two lengths', bytes: () => request('POST /graphql', 'content-length: 2\r\ncontent-length: 3\r\n'), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'a length and chunks', bytes: () => request('POST /graphql', `${CHUNKED}content-length: 2\r\n`), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'a coding that is none', bytes: () => request('POST /graphql', 'transfer-encoding: gzip\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'a chunk that is none', bytes: (_path, good) => request('POST /graphql', `${good}${CHUNKED}`, 'zz\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'a chunk that says too little', bytes: (_path, good) => request('POST /graphql', `${good}${CHUNKED}`, '1\r\n{}\r\n0\r\n\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'half a body, then another connection', bytes: (_path, good) => request('POST /graphql', `${good}${JSON_HEAD}content-length: 1\r\n`, '{'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'two hosts', bytes: (path) => request(`GET ${path}`, 'host: b\r\n'), codes: ['BAD_USER_INPUT', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'two tokens', bytes: (path, good) => request(`GET ${path}`, good + good), codes: ['UNAUTHENTICATED'] },
  {
    description: 'capitals',
    bytes: (path, good) => request(`GET ${path.toUpperCase()}`, good),
    codes: ['ROTA_DESCONHECIDA'],
  },
  { description: 'a type it does not give', bytes: (path, good) => request(`GET ${path}`, `${good}accept: image/png\r\n`), codes: ['TIPO_NAO_ACEITO'] }, // prettier-ignore
  { description: 'a body of a type it does not take', bytes: (_path, good) => request('POST /graphql', `${good}content-type: text/csv\r\ncontent-length: 1\r\n`, 'x'), codes: ['TIPO_NAO_SUPORTADO', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'a CPF that is none', bytes: (path, good) => request(`GET ${path}1`, good), codes: ['CPF_INVALIDO'] },
  { description: 'a CPF of 5,000 digits', bytes: (path, good) => request(`GET ${path}${'1'.repeat(5_000)}`, good), codes: ['CPF_INVALIDO'] }, // prettier-ignore
  { description: 'a token that is a CPF', bytes: (path) => request(`GET ${path}`, `authorization: Bearer ${path.split('/').at(-1)}\r\n`), codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'another scheme', bytes: (path) => request(`GET ${path}`, 'authorization: Basic eDp5\r\n'), codes: ['UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'an interaction id that is a CPF', bytes: (path, good) => request(`GET ${path}`, `${good}x-fapi-interaction-id: ${path.split('/').at(-1)}\r\n`), codes: ['BAD_USER_INPUT'] }, // prettier-ignore
  { description: 'a body over 100 KB', bytes: (_path, good) => request('POST /graphql', `${good}${JSON_HEAD}content-length: 99999999\r\n`), codes: ['LIMITE_EXCEDIDO', 'UNAUTHENTICATED'] }, // prettier-ignore
  { description: 'a query with NUL', bytes: (path) => request(`GET ${path}?a=%00`), codes: ['BAD_USER_INPUT'] },
];

describe.each(SERVICES)('%s answers even malformed requests with an error of the table', (service) => {
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

  /** Neither the person's CPF nor anything about our code is in an answer or in the log. */
  function expectDiscreet(answerBytes: string, logged: readonly string[]): void {
    expect(answerBytes).not.toContain(cpf);
    expect(answerBytes).not.toMatch(/fastify|FST_|HPE_|ERR_/i);
    expect(logged.join('')).not.toContain(cpf);
    expect(logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  }

  async function ask(bytes: string | Buffer): Promise<RawAnswer> {
    const from = graph.environment.logLines().length;
    const answerBytes = await rawExchange(port, [bytes]);
    const [answer, ...otherAnswers] = answersIn(answerBytes);
    expect(otherAnswers).toEqual([]);
    const id = answer!.headers['x-fapi-interaction-id']!;
    const linesOfIt = (): string[] => graph.environment.logLines().slice(from).filter((line) => line.includes(id)); // prettier-ignore
    for (let turn = 0; turn < 100 && linesOfIt().length === 0; turn++) await new Promise(setImmediate);
    expect(linesOfIt()).not.toEqual([]); // the router's request to a subgraph has the same id
    expectDiscreet(answerBytes, graph.environment.logLines().slice(from));
    return answer!;
  }

  it.each(cases)('$what', async ({ bytes, codes }) => {
    const code = codeOf(await ask(bytes(path, authorization)));
    expect(codes).toContain(code);
  });

  it('answers valid requests beside them', async () => {
    expect(await ask(request(`GET ${path}`, authorization))).toMatchObject({ status: 404 });
    expect(await ask(request(`OPTIONS ${path}`))).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS' } }); // prettier-ignore
    expect(await ask(request('OPTIONS *'))).toMatchObject({ status: 204 });
  });

  it.each(['', '%', '/x', '?a=%zz'])('answers HEAD with the status of GET and no body: the path%s', async (end) => {
    const [get] = answersIn(await rawExchange(port, [request(`GET ${path}${end}`)]));
    const answerBytes = await rawExchange(port, [request(`HEAD ${path}${end}`)]);
    const [head, ...otherAnswers] = answersIn(answerBytes, { head: true });
    expect({ status: head!.status, length: head!.headers['content-length'], otherAnswers }).toEqual({ status: get!.status, length: get!.headers['content-length'], otherAnswers: [] }); // prettier-ignore
    expect(head!.headers['x-fapi-interaction-id']).toMatch(/^[0-9a-f-]{36}$/);
    expectDiscreet(answerBytes, []);
  });

  it('answers a valid request after a refused one on the same connection', async () => {
    const refused = `GET ${path}1 HTTP/1.1\r\nhost: a\r\n${authorization}\r\n`;
    const answerBytes = await rawExchange(port, [refused, request('GET /health/live')]);
    expect(answersIn(answerBytes)).toMatchObject([{ status: 400 }, { status: 200, body: '{"status":"ok"}' }]);
  });

  it.each([
    ['rubbish', '\x16\x03 rubbish\r\n\r\n'],
    ['a method of nobody', 'FOO / HTTP/1.1\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['a bad path', 'GET /divida/% HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
    ['headers over 16 KB', `GET / HTTP/1.1\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`],
  ])('answers a valid request also when garbage follows in the same packet: %s', async (_what, bad) => {
    const answerBytes = await rawExchange(port, [`GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n${bad}`]);
    const [first, ...otherAnswers] = answersIn(answerBytes);
    expect(first).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    for (const other of otherAnswers) codeOf(other);
    expectDiscreet(answerBytes, []);
  });

  it(`answers a request with a changed byte, ${MUTATED} times`, async () => {
    const good = `GET ${path}?limite=1 HTTP/1.1\r\nhost: pessoa\r\naccept: application/json\r\nx-finalidade: COBRANCA\r\n\r\n\r\n\r\n`; // prettier-ignore
    let random = 20_261_128;
    const next = (below: number): number => (random = (random * 48_271) % 2_147_483_647) % below;
    const from = graph.environment.logLines().length;
    const codes = new Set<string>();
    for (let turn = 0; turn < MUTATED; turn++) {
      const bytes = Buffer.from(good);
      for (let change = next(3); change >= 0; change--)
        bytes[next(bytes.length - 6)] = next(2) === 0 ? next(256) : 33 + next(94);
      const answerBytes = await firstAnswer(port, bytes);
      const [answer] = answersIn(answerBytes);
      if (!answer) throw new Error(`no answer to ${JSON.stringify(bytes.toString('latin1'))}`);
      if (answer.status !== 204) codes.add(codeOf(answer));
      expectDiscreet(answerBytes, []);
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
