import { answersIn, codeOf, request } from '@pessoa/testkit/raw-http';
import { serve, type Served } from './test-server.ts';

const CPF = '45045143387';

describe('One code, one cause', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  /** The only answer to these bytes, its code, and its lines in the log. */
  async function ask(...parts: (string | Buffer)[]) {
    const before = served.logged().length;
    const text = await served.raw(...parts);
    expect(text).not.toMatch(/450\.?451|fastify|FST_ERR|HPE_|node/i);
    const [answer, ...more] = answersIn(text);
    expect(more).toEqual([]);
    while (served.logged().length === before) await new Promise(setImmediate);
    const lines = served.logged().slice(before);
    expect(lines).toEqual([expect.objectContaining({ interacao: answer!.headers['x-fapi-interaction-id'] })]);
    expect(JSON.stringify(lines)).not.toMatch(/450451|divdia|zz/);
    return { ...answer!, line: lines[0]! };
  }

  it.each([
    ['a typo', `GET /divdia/${CPF}`],
    ['no CPF', 'GET /divida'],
    ['a path below', `GET /divida/${CPF}/x`],
    ['a slash at the end', `GET /divida/${CPF}/`],
    ['two slashes', `GET //divida/${CPF}`],
    ['capitals', `GET /Divida/${CPF}`],
    ['a method that is none there either', `DELETE /divdia/${CPF}`],
    ['OPTIONS of nothing', 'OPTIONS /divdia'],
    ['POST to nothing', 'POST /divdia'],
    ['no scheme of ours', `GET ftp://pessoa/divida/${CPF}`],
    ['a slash that is escaped, which is no slash', `GET /divida%2F${CPF}`],
    ['the same in a path of three parts', `GET /evento%2fmovtofinanceiro/${CPF}`],
    ['OPTIONS of the same', `OPTIONS /divida%2f${CPF}`],
    ['POST of the same', `POST /divida%2F${CPF}`],
  ])('a path that is no route is ROTA_DESCONHECIDA: %s', async (_what, line) => {
    const answer = await ask(request(line));
    expect([codeOf(answer), answer.headers['allow']]).toEqual(['ROTA_DESCONHECIDA', undefined]);
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
  ])('a method that the path does not take is METODO_NAO_PERMITIDO: %s %s', async (method, path, allow) => {
    const answer = await ask(request(`${method} ${path}`));
    expect([codeOf(answer), answer.headers['allow']]).toEqual(['METODO_NAO_PERMITIDO', allow]);
  });

  it('a body is not read before the path and the method are known to be good', async () => {
    const answer = await ask(request(`PUT /divida/${CPF}`, 'content-type: text/csv\r\ncontent-length: 3\r\n', 'a,b'));
    expect(codeOf(answer)).toBe('METODO_NAO_PERMITIDO');
  });

  it.each([
    ['text/html', 'TIPO_NAO_ACEITO'],
    ['application/xml, text/*;q=0.5', 'TIPO_NAO_ACEITO'],
    ['application/json;q=0', 'TIPO_NAO_ACEITO'],
    ['*/*;q=0', 'TIPO_NAO_ACEITO'],
    ['image/webp', 'TIPO_NAO_ACEITO'],
  ])('an accept that admits no JSON is TIPO_NAO_ACEITO: %s', async (accept, code) => {
    expect(codeOf(await ask(request(`GET /divida/${CPF}`, `accept: ${accept}\r\n`)))).toBe(code);
    expect(codeOf(await ask(request('GET /graphql', `accept: ${accept}\r\n`)))).toBe(code);
  });

  it.each(['*/*', 'application/*', 'text/html, */*;q=0.1', 'application/problem+json', 'APPLICATION/JSON', ''])(
    'an accept that admits JSON is none: %s',
    async (accept) => {
      expect(await ask(request(`GET /divida/${CPF}`, `accept: ${accept}\r\n`))).toMatchObject({ status: 200 });
    },
  );

  it.each([
    ['no type', ''],
    ['a form', 'content-type: application/x-www-form-urlencoded\r\n'],
    ['text', 'content-type: text/plain\r\n'],
    ['another charset', 'content-type: application/json; charset=iso-8859-1\r\n'],
    ['another charset in quotes', 'content-type: application/json;charset="utf-16"\r\n'],
    ['no media type at all', 'content-type: json\r\n'],
    ['a file', 'content-type: multipart/form-data; boundary=x\r\n'],
    ['a document', 'content-type: application/graphql\r\n'],
    ['compressed', 'content-type: application/json\r\ncontent-encoding: gzip\r\n'],
  ])('a body of another kind is TIPO_NAO_SUPORTADO: %s', async (_what, headers) => {
    const before = served.reached();
    const answer = await ask(request('POST /graphql', `${headers}content-length: 2\r\n`, '{}'));
    expect([codeOf(answer), served.reached()]).toEqual(['TIPO_NAO_SUPORTADO', before]);
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
    ['a percent sign alone, as it was answered with the CPF in it', request(`GET /divida/${CPF}%`), 'BAD_USER_INPUT'],
    ['%zz', request('GET /divida/%zz'), 'BAD_USER_INPUT'],
    ['%zz where no route is', request('GET /zz/%zz'), 'BAD_USER_INPUT'],
    ['%zz in the query', request(`GET /divida/${CPF}?cursor=%zz`), 'BAD_USER_INPUT'],
    ['bytes over 127', Buffer.from(request('GET /divida/\xe3'), 'latin1'), 'BAD_USER_INPUT'],
    ['an id of another kind', request(`GET /divida/${CPF}`, 'x-fapi-interaction-id: 42\r\n'), 'BAD_USER_INPUT'],
    ['a purpose of no list', request(`GET /divida/${CPF}`, 'x-finalidade: CURIOSIDADE\r\n'), 'BAD_USER_INPUT'],
    ['two purposes', request(`GET /divida/${CPF}`, 'x-finalidade: COBRANCA\r\nx-finalidade: LOCACAO\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    ['no host', `GET /divida/${CPF} HTTP/1.1\r\nconnection: close\r\n\r\n`, 'BAD_USER_INPUT'],
    ['an expectation', request('GET /divida/1', 'expect: 200-ok\r\n'), 'BAD_USER_INPUT'],
    ['two hosts', request(`GET /divida/${CPF}`, 'host: pessoa\r\n'), 'BAD_USER_INPUT'],
    [
      'a host that is none',
      `GET /divida/${CPF} HTTP/1.1\r\nhost: a b/c\r\nconnection: close\r\n\r\n`,
      'BAD_USER_INPUT',
    ],
    ['a host with a user', `GET /divida/${CPF} HTTP/1.1\r\nhost: a@b\r\nconnection: close\r\n\r\n`, 'BAD_USER_INPUT'],
    ['the whole server as a path', request('GET *'), 'BAD_USER_INPUT'],
    ['a host and port as a path', request('GET pessoa:80'), 'BAD_USER_INPUT'],
    ['no path', request('GET '), 'BAD_USER_INPUT'],
    ['a fragment', request(`GET /divida/${CPF}#x`), 'BAD_USER_INPUT'],
    ['a version to come', `GET /divida/${CPF} HTTP/2.0\r\nhost: a\r\nconnection: close\r\n\r\n`, 'BAD_USER_INPUT'],
    ['no version', `GET /divida/${CPF}\r\n\r\n`, 'BAD_USER_INPUT'],
    ['a coding beside chunks', request('POST /graphql', 'content-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    [
      'no JSON',
      request('POST /graphql', 'content-type: application/json\r\ncontent-length: 1\r\n', '{'),
      'BAD_USER_INPUT',
    ],
    ['an empty body', request('POST /graphql', 'content-type: application/json\r\ncontent-length: 0\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    ['two lengths', request('POST /graphql', 'content-length: 2\r\ncontent-length: 3\r\n', '{}'), 'BAD_USER_INPUT'],
    ['a length and chunks', request('POST /graphql', 'content-length: 2\r\ntransfer-encoding: chunked\r\n', '{}'), 'BAD_USER_INPUT'], // prettier-ignore
    ['a length that is none', request('POST /graphql', 'content-length: two\r\n', '{}'), 'BAD_USER_INPUT'],
    ['a chunk that is none', request('POST /graphql', 'content-type: application/json\r\ntransfer-encoding: chunked\r\n', 'zz\r\n'), 'BAD_USER_INPUT'], // prettier-ignore
    ['a header that is none', request('GET /divida/1', 'no colon\r\n'), 'BAD_USER_INPUT'],
    ['another protocol', `GET /divida/${CPF} HTTP/3.0\r\n\r\n`, 'BAD_USER_INPUT'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'BAD_USER_INPUT'],
    ['the first bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex'), 'BAD_USER_INPUT'],
    ['headers over 16 KB', request('GET /divida/1', `x: ${'a'.repeat(17_000)}\r\n`), 'LIMITE_EXCEDIDO'],
    ['a path over 16 KB', request(`GET /divida/${'1'.repeat(17_000)}`), 'LIMITE_EXCEDIDO'],
    ['a body that says it is over 100 KB', request('POST /graphql', 'content-type: application/json\r\ncontent-length: 999999\r\n'), 'LIMITE_EXCEDIDO'], // prettier-ignore
    ['a body over 100 KB in chunks', request('POST /graphql', 'content-type: application/json\r\ntransfer-encoding: chunked\r\n', `1a000\r\n${'1'.repeat(0x1a000)}\r\n0\r\n\r\n`), 'LIMITE_EXCEDIDO'], // prettier-ignore
  ])('what cannot be read is refused in our words: %s', async (_what, bytes, code) => {
    expect(codeOf(await ask(bytes))).toBe(code);
  });

  it('names what was wrong with this request', async () => {
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
    expect(await detailOf(request('GET *'))).toBe('`*` is for OPTIONS alone.');
    expect(await detailOf(request(`GET /divida/${CPF}#x`))).toBe('A request has no fragment (`#`).');
    expect(await detailOf(Buffer.from(request('GET /divida/\xe3'), 'latin1'))).toBe('The URL has bytes that are not percent-encoded.'); // prettier-ignore
    expect(await detailOf(request('GET /divida/1', 'host: b\r\n'))).toBe('The header `host` is there more than once.');
  });

  it.each([
    ['no type', '', 'The header `content-type` is missing: send `application/json`.'],
    ['two types', 'content-type: application/json\r\ncontent-type: text/plain\r\n', 'The header `content-type` is there more than once.'], // prettier-ignore
    ['another type', 'content-type: text/plain\r\n', 'The body is read as `application/json` alone.'],
    ['another charset', 'content-type: application/json;charset=utf-16\r\n', 'The body is read in UTF-8 alone.'],
    [
      'compressed',
      'content-type: application/json\r\ncontent-encoding: br\r\n',
      'The body is read uncompressed alone.',
    ],
  ])('names what of a body was not supported: %s', async (_what, headers, message) => {
    const answer = await ask(request('POST /graphql', `${headers}content-length: 2\r\n`, '{}'));
    expect(codeOf(answer)).toBe('TIPO_NAO_SUPORTADO');
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ message }] });
  });

  it('a long parameter reaches its route, which says what it thinks of it', async () => {
    expect(await ask(request(`GET /divida/${'1'.repeat(5_000)}`))).toMatchObject({ status: 200 });
  });

  describe('HEAD and OPTIONS are as RFC 9110 has them', () => {
    it.each([`/divida/${CPF}`, '/graphql', '/health/live', '/divdia', `/divida/${CPF}%`])(
      'HEAD is a GET without its body: %s',
      async (path) => {
        const [get] = answersIn(await served.raw(request(`GET ${path}`)));
        const [head] = answersIn(await served.raw(request(`HEAD ${path}`)), { head: true });
        expect(head!.body).toBe('');
        const same = ({ status, headers }: typeof get & object) => ({
          status,
          headers: { ...headers, date: '', 'x-fapi-interaction-id': '' },
        });
        expect(same(head!)).toEqual(same(get!));
      },
    );

    it.each([
      [`/divida/${CPF}`, 'GET, HEAD, OPTIONS'],
      ['/graphql', 'GET, HEAD, OPTIONS, POST'],
      ['*', 'GET, HEAD, OPTIONS, POST'],
    ])('OPTIONS of %s says which methods it takes', async (path, allow) => {
      const answer = await ask(request(`OPTIONS ${path}`));
      expect([answer.status, answer.headers['allow'], answer.body]).toEqual([204, allow, '']);
    });
  });

  it('a request to change the protocol is answered in this one', async () => {
    const headers = 'upgrade: h2c\r\nconnection: upgrade\r\n';
    const text = await served.raw(`GET /health/live HTTP/1.1\r\nhost: a\r\n${headers}\r\n`);
    expect(answersIn(text)).toMatchObject([{ status: 200, headers: { connection: 'close' } }]);
  });

  it('what follows a good request on its connection does not take its answer', async () => {
    const text = await served.raw(`GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n\x16\x03 rubbish\r\n\r\n`);
    expect(answersIn(text)[0]).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  });

  it.each([
    ['rubbish', 'BAD\r\n\r\n', 'BAD_USER_INPUT'],
    ['the first bytes of TLS', '\x16\x03\x01', 'BAD_USER_INPUT'],
    ['a method of nobody', 'FOO /divida/1 HTTP/1.1\r\n\r\n', 'METODO_NAO_PERMITIDO'],
    ['a host and port as a path', 'GET pessoa:80 HTTP/1.1\r\n\r\n', 'BAD_USER_INPUT'],
    ['a header without a colon', 'GET /health/live HTTP/1.1\r\nx\r\n\r\n', 'BAD_USER_INPUT'],
  ])(
    'what follows two requests in one packet is answered in its turn, and ends the connection: %s',
    async (_what, bad, code) => {
      const good = 'GET /health/live HTTP/1.1\r\nhost: a\r\n\r\nGET /divdia HTTP/1.1\r\nhost: a\r\n\r\n';
      const [first, second, third, ...more] = answersIn(await served.raw(good + bad));
      expect([first, second]).toMatchObject([{ status: 200 }, { status: 404 }]);
      expect([codeOf(third!), third!.headers['connection'], more]).toEqual([code, 'close', []]);
      expect(third!.headers['allow']).toBe(code === 'METODO_NAO_PERMITIDO' ? 'GET, HEAD, OPTIONS' : undefined);
    },
  );

  it('a client that asks before it sends is told to, or refused before it has sent', async () => {
    const expecting = 'content-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n';
    expect(await served.raw(request('POST /graphql', expecting), '{}')).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/,
    );
    expect(await served.raw(request('POST /divdia', expecting))).toMatch(/^HTTP\/1\.1 404/);
  });
});
