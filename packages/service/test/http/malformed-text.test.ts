import { PublicError } from '@pessoa/domain/errors';
import { answersIn, codeOf, request } from '@pessoa/testkit/raw-http';
import { parseJsonBody } from '../../src/http/json-body.ts';
import { serve, type TestServer } from './test-server.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('Malformed text', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serve();
  });
  afterAll(async () => {
    expect(server.reached()).toBe(0);
    await server.close();
  });

  const refusalOf = async (bytes: string | Buffer): Promise<{ code: string; detail: string }> => {
    const [answer] = answersIn(await server.raw(bytes));
    const { detail, errors } = JSON.parse(answer!.body) as { detail: string; errors?: [{ message: string }] };
    return { code: codeOf(answer!), detail: errors?.[0].message ?? detail };
  };

  it.each([
    ['Latin-1, percent-encoded', 'texto=S%E3o'],
    ['an incomplete character', 'texto=%C3'],
    ['an overlong slash', 'texto=%C0%AF'],
    ['a lone surrogate', 'texto=%ED%A0%80'],
    ['a code point above Unicode', 'texto=%F5%80%80%80'],
    ['NUL', 'texto=a%00b'],
    ['invalid percent-encoding', 'texto=%G1'],
    ['a percent sign at the end', 'texto=100%'],
    ['in the name of a parameter', 't%FFexto=a'],
    ['after a valid parameter', 'texto=S%C3%A3o&cursor=%E3'],
  ])('in a query is refused: %s', async (_title, query) => {
    for (const path of ['/evento/movtofinanceiro/45045143387', '/graphql', '/health/live']) {
      expect(await refusalOf(request(`GET ${path}?${query}`))).toMatchObject({
        code: 'BAD_USER_INPUT',
        detail: expect.stringMatching(/^The query /),
      });
    }
  });

  it.each([
    ['Latin-1 without percent-encoding', latin1('S\xe3o')],
    ['UTF-8 without percent-encoding', Buffer.from('São')],
  ])('in a query is refused: %s', async (_title, text) => {
    const [start = '', end = ''] = request('GET /evento/movtofinanceiro/45045143387?texto=@').split('@');
    const bytes = Buffer.concat([Buffer.from(start), text, Buffer.from(end)]);
    expect(await refusalOf(bytes)).toEqual({
      code: 'BAD_USER_INPUT',
      detail: 'The URL has bytes that are not percent-encoded.',
    });
  });

  it.each(['/divida/%E3', '/divida/%C0%AF', '/%ED%A0%80', '/divida/1%'])('in a path is refused: %s', async (path) => {
    expect(await refusalOf(request(`GET ${path}`))).toMatchObject({
      code: 'BAD_USER_INPUT',
      detail: expect.stringMatching(/path/),
    });
  });

  it.each([
    ['Latin-1', latin1('{"query":"S\xe3o"}')],
    ['Windows-1252', latin1('{"query":"\x93a\x94"}')],
    ['an incomplete character', latin1('{"query":"\xc3"}')],
    ['an overlong slash', latin1('{"query":"\xc0\xaf"}')],
    ['the bytes of a lone surrogate', latin1('{"query":"\xed\xa0\x80"}')],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"query":"a"}', 'utf16le')],
    ['UTF-16 without a byte order mark', Buffer.from('{"query":"a"}', 'utf16le')],
    ['the escape of a lone surrogate', String.raw`{"query":"\ud800"}`],
    ['the escapes of two low surrogates', String.raw`{"query":"\udc00\udc00"}`],
    ['in a key', String.raw`{"variables":{"\ud800":1}}`],
    ['in a nested value', String.raw`{"variables":{"a":[[{"b":["\uDFFF"]}]]}}`],
    ['the escape of NUL', String.raw`{"variables":{"texto":"a\u0000"}}`],
    ['a raw NUL', '{"query":"a\0"}'],
  ])('in a body is refused: %s', async (_title, body) => {
    const bytes = Buffer.from(body as Buffer);
    const head = request('POST /graphql', `content-type: application/json\r\ncontent-length: ${bytes.length}\r\n`);
    expect(await refusalOf(Buffer.concat([Buffer.from(head), bytes]))).toMatchObject({
      code: 'BAD_USER_INPUT',
      detail: expect.stringMatching(/^The body /),
    });
  });

  it.each(['x-finalidade', 'x-fapi-interaction-id'])('in the header %s is refused', async (name) => {
    const bytes = latin1(request('GET /divida/1', `${name}: COBRAN\xc7A\r\n`));
    expect(await refusalOf(bytes)).toMatchObject({ code: 'BAD_USER_INPUT', detail: expect.stringContaining(name) });
  });
});

describe('A body of well-formed text', () => {
  it.each([
    [
      'escapes of complete surrogate pairs',
      String.raw`{"a":"\ud83d\ude00 \u00e3 \\u0000 \\ud800"}`,
      { a: '😀 ã \\u0000 \\ud800' },
    ],
    ['a byte order mark', '\ufeff{"a":1}', { a: 1 }],
    ['characters outside the first plane', '{"😀":"𝔸"}', { '😀': '𝔸' }],
  ])('is read: %s', (_title, text, value) => {
    expect(parseJsonBody(Buffer.from(text))).toEqual(value);
  });

  it('may be nested in 40,000 levels', () => {
    const nested = `${'['.repeat(40_000)}"\\u00e3"${']'.repeat(40_000)}`;
    expect(() => parseJsonBody(Buffer.from(nested))).not.toThrow();
    expect(() => parseJsonBody(Buffer.from(nested.replace('00e3', 'd800')))).toThrow(PublicError);
  });
});
