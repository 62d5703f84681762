import { answersIn, codeOf, request } from '@pessoa/testkit/raw-http';
import { serve, type TestServer } from './test-server.ts';

const CPF = '45045143387';

describe('Each error code has one cause', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serve();
  });
  afterAll(() => server.close());

  /** Sends bytes, expects exactly one answer and one log line for it, and returns both. */
  async function ask(...parts: (string | Buffer)[]) {
    const before = server.logged().length;
    const text = await server.raw(...parts);
    expect(text).not.toMatch(/450\.?451|fastify|FST_ERR|HPE_|node/i);
    const answers = answersIn(text);
    expect(answers).toHaveLength(1);
    const [answer] = answers;
    while (server.logged().length === before) await new Promise(setImmediate);
    const lines = server.logged().slice(before);
    expect(lines).toEqual([expect.objectContaining({ interacao: answer!.headers['x-fapi-interaction-id'] })]);
    expect(JSON.stringify(lines)).not.toMatch(/450451|divdia|zz/);
    return { ...answer!, line: lines[0]! };
  }

  it.each([
    ['a typo', `GET /divdia/${CPF}`],
    ['without a CPF', 'GET /divida'],
    ['a segment too many', `GET /divida/${CPF}/x`],
    ['a slash at the end', `GET /divida/${CPF}/`],
    ['a double slash', `GET //divida/${CPF}`],
    ['capitals', `GET /Divida/${CPF}`],
    ['with DELETE', `DELETE /divdia/${CPF}`],
    ['with OPTIONS', 'OPTIONS /divdia'],
    ['with POST', 'POST /divdia'],
    ['another scheme', `GET ftp://pessoa/divida/${CPF}`],
    ['an escaped slash, which is not a separator', `GET /divida%2F${CPF}`],
    ['an escaped slash in a path of three segments', `GET /evento%2fmovtofinanceiro/${CPF}`],
    ['an escaped slash with OPTIONS', `OPTIONS /divida%2f${CPF}`],
    ['an escaped slash with POST', `POST /divida%2F${CPF}`],
  ])('an unknown path is ROTA_DESCONHECIDA: %s', async (_title, line) => {
    const answer = await ask(request(line));
    expect(codeOf(answer)).toBe('ROTA_DESCONHECIDA');
    expect(answer.headers['allow']).toBe(undefined);
    expect(answer.line).toMatchObject({ rota: '(none)', codigo: 'ROTA_DESCONHECIDA', status: 404 });
  });

  it.each([
    ['POST', `/divida/${CPF}`, 'GET, HEAD, OPTIONS'],
    ['DELETE', `/divida/${CPF}?limite=1`, 'GET, HEAD, OPTIONS'],
    ['PUT', '/graphql', 'GET, HEAD, OPTIONS, POST'],
    ['TRACE', '/health/live', 'GET, HEAD, OPTIONS'],
    ['QUERY', `/%64ivida/${CPF}`, 'GET, HEAD, OPTIONS'],
    ['PATCH', `http://pessoa/divida/${CPF}`, 'GET, HEAD, OPTIONS'],
    ['CONNECT', 'pessoa:443', 'GET, HEAD, OPTIONS, POST'],
    ['FOO', `/divida/${CPF}`, 'GET, HEAD, OPTIONS'],
    ['get', '/graphql', 'GET, HEAD, OPTIONS, POST'],
  ])('a method that the path does not accept is METODO_NAO_PERMITIDO: %s %s', async (method, path, allow) => {
    const answer = await ask(request(`${method} ${path}`));
    expect(codeOf(answer)).toBe('METODO_NAO_PERMITIDO');
    expect(answer.headers['allow']).toBe(allow);
  });

  it('a body is not read unless the path accepts the method', async () => {
    const answer = await ask(request(`PUT /divida/${CPF}`, 'content-type: text/csv\r\ncontent-length: 3\r\n', 'a,b'));
    expect(codeOf(answer)).toBe('METODO_NAO_PERMITIDO');
  });

  it.each([
    ['text/html', 'TIPO_NAO_ACEITO'],
    ['application/xml, text/*;q=0.5', 'TIPO_NAO_ACEITO'],
    ['application/json;q=0', 'TIPO_NAO_ACEITO'],
    ['*/*;q=0', 'TIPO_NAO_ACEITO'],
    ['image/webp', 'TIPO_NAO_ACEITO'],
  ])('an accept that excludes JSON is TIPO_NAO_ACEITO: %s', async (accept, code) => {
    expect(codeOf(await ask(request(`GET /divida/${CPF}`, `accept: ${accept}\r\n`)))).toBe(code);
    expect(codeOf(await ask(request('GET /graphql', `accept: ${accept}\r\n`)))).toBe(code);
  });

  it.each(['*/*', 'application/*', 'text/html, */*;q=0.1', 'application/problem+json', 'APPLICATION/JSON', ''])(
    'an accept that allows JSON is answered: %s',
    async (accept) => {
      expect(await ask(request(`GET /divida/${CPF}`, `accept: ${accept}\r\n`))).toMatchObject({ status: 200 });
    },
  );

  it.each([
    ['without a type', ''],
    ['a form', 'content-type: application/x-www-form-urlencoded\r\n'],
    ['text', 'content-type: text/plain\r\n'],
    ['another charset', 'content-type: application/json; charset=iso-8859-1\r\n'],
    ['another charset in quotes', 'content-type: application/json;charset="utf-16"\r\n'],
    ['a malformed media type', 'content-type: json\r\n'],
    ['a file upload', 'content-type: multipart/form-data; boundary=x\r\n'],
    ['a GraphQL document', 'content-type: application/graphql\r\n'],
    ['compressed', 'content-type: application/json\r\ncontent-encoding: gzip\r\n'],
  ])('a body that is not plain JSON is TIPO_NAO_SUPORTADO: %s', async (_title, headers) => {
    const before = server.reached();
    const answer = await ask(request('POST /graphql', `${headers}content-length: 2\r\n`, '{}'));
    expect(codeOf(answer)).toBe('TIPO_NAO_SUPORTADO');
    expect(server.reached()).toBe(before);
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ extensions: { code: 'TIPO_NAO_SUPORTADO' } }] });
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF8"',
    'application/json; odata=verbose',
  ])('JSON in UTF-8 is read: %s', async (type) => {
    const answer = await ask(request('POST /graphql', `content-type: ${type}\r\ncontent-length: 7\r\n`, '{"a":1}'));
    expect(JSON.parse(answer.body)).toMatchObject({ body: { a: 1 } });
  });

  it.each([
    ['a percent sign at the end', request(`GET /divida/${CPF}%`), 'BAD_USER_INPUT'],
    ['%zz', request('GET /divida/%zz'), 'BAD_USER_INPUT'],
    ['%zz in an unknown path', request('GET /zz/%zz'), 'BAD_USER_INPUT'],
    ['%zz in the query', request(`GET /divida/${CPF}?cursor=%zz`), 'BAD_USER_INPUT'],
    ['bytes above 127', Buffer.from(request('GET /divida/\xe3'), 'latin1'), 'BAD_USER_INPUT'],
    [
      'an interaction id that is not a UUID',
      request(`GET /divida/${CPF}`, 'x-fapi-interaction-id: 42\r\n'),
      'BAD_USER_INPUT',
    ],
    ['an unknown purpose', request(`GET /divida/${CPF}`, 'x-finalidade: CURIOSIDADE\r\n'), 'BAD_USER_INPUT'],
    ['two purposes', request(`GET /divida/${CPF}`, 'x-finalidade: COBRANCA\r\nx-finalidade: LOCACAO\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    ['without a host', `GET /divida/${CPF} HTTP/1.1\r\nconnection: close\r\n\r\n`, 'BAD_USER_INPUT'],
    ['an unknown expectation', request('GET /divida/1', 'expect: 200-ok\r\n'), 'BAD_USER_INPUT'],
    ['two hosts', request(`GET /divida/${CPF}`, 'host: pessoa\r\n'), 'BAD_USER_INPUT'],
    ['a malformed host', `GET /divida/${CPF} HTTP/1.1\r\nhost: a b/c\r\nconnection: close\r\n\r\n`, 'BAD_USER_INPUT'],
    ['a host with a user', `GET /divida/${CPF} HTTP/1.1\r\nhost: a@b\r\nconnection: close\r\n\r\n`, 'BAD_USER_INPUT'],
    ['GET for the whole server', request('GET *'), 'BAD_USER_INPUT'],
    ['a host and port as a path', request('GET pessoa:80'), 'BAD_USER_INPUT'],
    ['without a path', request('GET '), 'BAD_USER_INPUT'],
    ['a fragment', request(`GET /divida/${CPF}#x`), 'BAD_USER_INPUT'],
    [
      'HTTP/2.0 in the request line',
      `GET /divida/${CPF} HTTP/2.0\r\nhost: a\r\nconnection: close\r\n\r\n`,
      'BAD_USER_INPUT',
    ],
    ['without a version', `GET /divida/${CPF}\r\n\r\n`, 'BAD_USER_INPUT'],
    ['a transfer coding besides chunked', request('POST /graphql', 'content-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    [
      'a body that is not JSON',
      request('POST /graphql', 'content-type: application/json\r\ncontent-length: 1\r\n', '{'),
      'BAD_USER_INPUT',
    ],
    ['an empty body', request('POST /graphql', 'content-type: application/json\r\ncontent-length: 0\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    ['two lengths', request('POST /graphql', 'content-length: 2\r\ncontent-length: 3\r\n', '{}'), 'BAD_USER_INPUT'],
    ['a length and chunks', request('POST /graphql', 'content-length: 2\r\ntransfer-encoding: chunked\r\n', '{}'), 'BAD_USER_INPUT'], // prettier-ignore
    ['a malformed length', request('POST /graphql', 'content-length: two\r\n', '{}'), 'BAD_USER_INPUT'],
    ['a malformed chunk', request('POST /graphql', 'content-type: application/json\r\ntransfer-encoding: chunked\r\n', 'zz\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    ['a malformed header', request('GET /divida/1', 'no colon\r\n'), 'BAD_USER_INPUT'],
    ['HTTP/3.0 in the request line', `GET /divida/${CPF} HTTP/3.0\r\n\r\n`, 'BAD_USER_INPUT'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'BAD_USER_INPUT'],
    ['the first bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex'), 'BAD_USER_INPUT'],
    ['headers over 16 KB', request('GET /divida/1', `x: ${'a'.repeat(17_000)}\r\n`), 'LIMITE_EXCEDIDO'],
    ['a path over 16 KB', request(`GET /divida/${'1'.repeat(17_000)}`), 'LIMITE_EXCEDIDO'],
    ['a content length over 100 KB', request('POST /graphql', 'content-type: application/json\r\ncontent-length: 999999\r\n'), 'LIMITE_EXCEDIDO'], // prettier-ignore
    ['chunks of more than 100 KB', request('POST /graphql', 'content-type: application/json\r\ntransfer-encoding: chunked\r\n', `1a000\r\n${'1'.repeat(0x1a000)}\r\n0\r\n\r\n`), 'LIMITE_EXCEDIDO'], // prettier-ignore
  ])('a malformed request is refused in our words: %s', async (_title, bytes, code) => {
    expect(codeOf(await ask(bytes))).toBe(code);
  });

  it('the detail names the fault of a request', async () => {
    const detailOf = async (bytes: string | Buffer) =>
      (JSON.parse((await ask(bytes)).body) as { detail: string }).detail;
    expect(await detailOf(request(`GET /divida/${CPF}%`))).toBe('The path is not percent-encoded UTF-8.');
    expect(await detailOf(request(`GET /divida/${CPF}?a=%ff`))).toBe('The query is not percent-encoded UTF-8.');
    expect(await detailOf(request(`GET /divida/${CPF}`, 'x-fapi-interaction-id: 1\r\n'))).toMatch(
      /`x-fapi-interaction-id`/,
    );
    expect(await detailOf(request(`GET /divida/${CPF}`, 'x-finalidade: X\r\n'))).toMatch(/`x-finalidade` is one of CONCESSAO_CREDITO/); // prettier-ignore
    expect(await detailOf(request('GET pessoa:80'))).toBe('The request line names neither a path nor an address.');
    expect(await detailOf(request('GET '))).toBe('The request line names neither a path nor an address.');
    expect(await detailOf(request('GET *'))).toBe('`*` is only for OPTIONS.');
    expect(await detailOf(request(`GET /divida/${CPF}#x`))).toBe('A request must not have a fragment (`#`).');
    expect(await detailOf(Buffer.from(request('GET /divida/\xe3'), 'latin1'))).toBe('The URL has bytes that are not percent-encoded.'); // prettier-ignore
    expect(await detailOf(request('GET /divida/1', 'host: b\r\n'))).toBe('The header `host` occurs more than once.');
  });

  it.each([
    ['without a type', '', 'The header `content-type` is missing: send `application/json`.'],
    ['two types', 'content-type: application/json\r\ncontent-type: text/plain\r\n', 'The header `content-type` occurs more than once.'], // prettier-ignore
    ['another type', 'content-type: text/plain\r\n', 'The body must be `application/json`.'],
    ['another charset', 'content-type: application/json;charset=utf-16\r\n', 'The body must be in UTF-8.'],
    ['compressed', 'content-type: application/json\r\ncontent-encoding: br\r\n', 'The body must not be compressed.'],
  ])('the message names what is not supported about a body: %s', async (_title, headers, message) => {
    const answer = await ask(request('POST /graphql', `${headers}content-length: 2\r\n`, '{}'));
    expect(codeOf(answer)).toBe('TIPO_NAO_SUPORTADO');
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ message }] });
  });

  it('a long path parameter reaches its route, which may refuse it', async () => {
    expect(await ask(request(`GET /divida/${'1'.repeat(5_000)}`))).toMatchObject({ status: 200 });
  });

  describe('HEAD and OPTIONS follow RFC 9110', () => {
    it.each([`/divida/${CPF}`, '/graphql', '/health/live', '/divdia', `/divida/${CPF}%`])(
      'HEAD is answered like GET, without the body: %s',
      async (path) => {
        const [get] = answersIn(await server.raw(request(`GET ${path}`)));
        const [head] = answersIn(await server.raw(request(`HEAD ${path}`)), { head: true });
        expect(head!.body).toBe('');
        const comparable = ({ status, headers }: typeof get & object) => ({
          status,
          headers: { ...headers, date: '', 'x-fapi-interaction-id': '' },
        });
        expect(comparable(head!)).toEqual(comparable(get!));
      },
    );

    it.each([
      [`/divida/${CPF}`, 'GET, HEAD, OPTIONS'],
      ['/graphql', 'GET, HEAD, OPTIONS, POST'],
      ['*', 'GET, HEAD, OPTIONS, POST'],
    ])('OPTIONS of %s lists the methods', async (path, allow) => {
      const answer = await ask(request(`OPTIONS ${path}`));
      expect(answer).toMatchObject({ status: 204, headers: { allow }, body: '' });
    });
  });

  it('a request to upgrade the protocol is answered in HTTP/1.1', async () => {
    const headers = 'upgrade: h2c\r\nconnection: upgrade\r\n';
    const text = await server.raw(`GET /health/live HTTP/1.1\r\nhost: a\r\n${headers}\r\n`);
    expect(answersIn(text)).toMatchObject([{ status: 200, headers: { connection: 'close' } }]);
  });

  it('a valid request is answered even if garbage follows it on the connection', async () => {
    const text = await server.raw(`GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n\x16\x03 garbage\r\n\r\n`);
    expect(answersIn(text)[0]).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  });

  it.each([
    ['garbage', 'BAD\r\n\r\n', 'BAD_USER_INPUT'],
    ['the first bytes of TLS', '\x16\x03\x01', 'BAD_USER_INPUT'],
    ['an unknown method', 'FOO /divida/1 HTTP/1.1\r\n\r\n', 'METODO_NAO_PERMITIDO'],
    ['a host and port as a path', 'GET pessoa:80 HTTP/1.1\r\n\r\n', 'BAD_USER_INPUT'],
    ['a header without a colon', 'GET /health/live HTTP/1.1\r\nx\r\n\r\n', 'BAD_USER_INPUT'],
  ])(
    'a malformed request after two valid ones in one packet is answered third, and ends the connection: %s',
    async (_title, malformed, code) => {
      const valid = 'GET /health/live HTTP/1.1\r\nhost: a\r\n\r\nGET /divdia HTTP/1.1\r\nhost: a\r\n\r\n';
      const answers = answersIn(await server.raw(valid + malformed));
      expect(answers).toMatchObject([{ status: 200 }, { status: 404 }, { headers: { connection: 'close' } }]);
      const third = answers[2]!;
      expect(codeOf(third)).toBe(code);
      expect(third.headers['allow']).toBe(code === 'METODO_NAO_PERMITIDO' ? 'GET, HEAD, OPTIONS' : undefined);
    },
  );

  it('a client that expects 100-continue gets it, or is refused before it sends the body', async () => {
    const expecting = 'content-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n';
    expect(await server.raw(request('POST /graphql', expecting), '{}')).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/,
    );
    expect(await server.raw(request('POST /divdia', expecting))).toMatch(/^HTTP\/1\.1 404/);
  });
});
