import { answersIn, codeOf, request as rawRequest } from '@pessoa/testkit/raw-http';
import { checkParameters } from '../../src/http/graphql-parameters.ts';
import { serve, type TestServer } from './test-server.ts';

const QUERY = '{__typename}';
const BY_HASH = { persistedQuery: { version: 1, sha256Hash: 'x' } };

describe('A malformed GraphQL request is refused with the name of the wrong parameter', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serve({}, (app) => {
      app.route({
        method: ['GET', 'POST'],
        url: '/graph',
        config: { door: 'graphql' },
        handler: async (request) => {
          checkParameters(request);
          return { accepted: true };
        },
      });
    });
  });
  afterAll(() => server.close());

  async function ask(line: string, body?: string) {
    const headers = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body ?? '')}\r\n`;
    const [answer] = answersIn(await server.raw(rawRequest(line, body === undefined ? '' : headers, body)));
    return answer!;
  }

  async function refusalOf(line: string, body?: string) {
    const answer = await ask(line, body);
    const { errors } = JSON.parse(answer.body) as { errors: { message: string }[] };
    return { code: codeOf(answer), message: errors[0]?.message };
  }

  const post = (body: unknown) => refusalOf('POST /graph', typeof body === 'string' ? body : JSON.stringify(body));

  it.each([
    ['variables as a text', { query: QUERY, variables: '{}' }, '`variables` must be an object.'],
    ['variables as a list', { query: QUERY, variables: [] }, '`variables` must be an object.'],
    ['variables as zero', { query: QUERY, variables: 0 }, '`variables` must be an object.'],
    ['variables as false', { query: QUERY, variables: false }, '`variables` must be an object.'],
    ['variables as an empty text', { query: QUERY, variables: '' }, '`variables` must be an object.'],
    ['extensions as a text', { query: QUERY, extensions: 'x' }, '`extensions` must be an object.'],
    ['extensions as a list', { query: QUERY, extensions: [BY_HASH] }, '`extensions` must be an object.'],
    ['a name as a number', { query: QUERY, operationName: 1 }, '`operationName` must be a string.'],
    ['a name as an object', { query: QUERY, operationName: {} }, '`operationName` must be a string.'],
    ['a document as a number', { query: 1 }, '`query` must be a string.'],
    ['a document as an object', { query: { kind: 'Document' } }, '`query` must be a string.'],
    ['no document', { variables: {} }, '`query`, the document, is missing or empty.'],
    ['an empty document', { query: '' }, '`query`, the document, is missing or empty.'],
    ['a document of null', { query: null, extensions: {} }, '`query`, the document, is missing or empty.'],
    ['the id of a document', { id: 'x', documentId: 'y' }, '`query`, the document, is missing or empty.'],
    ['null', 'null', 'The body is a JSON object.'],
    ['a number', '1e400', 'The body is a JSON object.'],
    ['a text', '"{__typename}"', 'The body is a JSON object.'],
    [
      'a document in __proto__',
      '{"__proto__":{"query":"{__typename}"}}',
      '`query`, the document, is missing or empty.',
    ],
  ])('in a body: %s', async (_title, body, message) => {
    expect(await post(body)).toEqual({ code: 'BAD_USER_INPUT', message });
  });

  it.each(['[]', '[{"query":"{__typename}"}]', '[null,null]'])(
    'a list of requests is refused with LIMITE_EXCEDIDO: %s',
    async (body) => {
      expect(await post(body)).toEqual({ code: 'LIMITE_EXCEDIDO', message: 'Send one operation for each request.' });
    },
  );

  it.each([
    ['', '`query`, the document, is missing or empty.'],
    ['?query=', '`query`, the document, is missing or empty.'],
    ['?query=a&query=b', '`query` occurs more than once.'],
    ['?query=a&variables=%7B', '`variables` is not JSON.'],
    ['?query=a&variables=1', '`variables` must be an object.'],
    ['?query=a&variables=%7B%7D&variables=%7B%7D', '`variables` occurs more than once.'],
    ['?query=a&extensions=x', '`extensions` is not JSON.'],
    ['?query=a&extensions=%5B%5D', '`extensions` must be an object.'],
    ['?query=a&operationName=A&operationName=B', '`operationName` occurs more than once.'],
    ['?query[]=a', '`query`, the document, is missing or empty.'],
    ['?__proto__=1&constructor=2', '`query`, the document, is missing or empty.'],
  ])('in a URL: %s', async (search, message) => {
    expect(await refusalOf(`GET /graph${search}`)).toEqual({ code: 'BAD_USER_INPUT', message });
  });

  it.each([
    { query: QUERY },
    { query: QUERY, variables: null, operationName: null, extensions: null },
    { query: QUERY, variables: {}, operationName: '', extensions: { a: 1 } },
    { query: QUERY, unknown: 1 },
    { extensions: BY_HASH },
  ])('but a valid request is accepted: %j', async (body) => {
    expect(await ask('POST /graph', JSON.stringify(body))).toMatchObject({ status: 200 });
    const search = Object.entries(body).flatMap(([name, value]) =>
      value === null
        ? []
        : [`${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`],
    );
    expect(await ask(`GET /graph?${search.join('&')}`)).toMatchObject({ status: 200 });
  });
});
