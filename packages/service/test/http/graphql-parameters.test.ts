import { answersIn, codeOf, request } from '@pessoa/testkit/raw-http';
import { checkParameters } from '../../src/http/graphql-parameters.ts';
import { serve, type Served } from './test-server.ts';

const QUERY = '{__typename}';
const BY_HASH = { persistedQuery: { version: 1, sha256Hash: 'x' } };

describe('A GraphQL request is refused by the name of the parameter that was wrong', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({}, (app) => {
      app.route({
        method: ['GET', 'POST'],
        url: '/graph',
        config: { door: 'graphql' },
        handler: async (one) => {
          checkParameters(one);
          return { asked: true };
        },
      });
    });
  });
  afterAll(() => served.close());

  async function ask(line: string, body?: string) {
    const headers = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body ?? '')}\r\n`;
    const [answer] = answersIn(await served.raw(request(line, body === undefined ? '' : headers, body)));
    return answer!;
  }

  async function refusalOf(line: string, body?: string) {
    const answer = await ask(line, body);
    const { errors } = JSON.parse(answer.body) as { errors: { message: string }[] };
    return [codeOf(answer), errors[0]?.message];
  }

  const post = (body: unknown) => refusalOf('POST /graph', typeof body === 'string' ? body : JSON.stringify(body));

  it.each([
    ['variables as a text', { query: QUERY, variables: '{}' }, '`variables` is an object.'],
    ['variables as a list', { query: QUERY, variables: [] }, '`variables` is an object.'],
    ['variables as nought', { query: QUERY, variables: 0 }, '`variables` is an object.'],
    ['variables as false', { query: QUERY, variables: false }, '`variables` is an object.'],
    ['variables as an empty text', { query: QUERY, variables: '' }, '`variables` is an object.'],
    ['extensions as a text', { query: QUERY, extensions: 'x' }, '`extensions` is an object.'],
    ['extensions as a list', { query: QUERY, extensions: [BY_HASH] }, '`extensions` is an object.'],
    ['a name as a number', { query: QUERY, operationName: 1 }, '`operationName` is a text.'],
    ['a name as an object', { query: QUERY, operationName: {} }, '`operationName` is a text.'],
    ['a document as a number', { query: 1 }, '`query` is a text.'],
    ['a document as an object', { query: { kind: 'Document' } }, '`query` is a text.'],
    ['no document', { variables: {} }, '`query`, the document, is missing or empty.'],
    ['an empty document', { query: '' }, '`query`, the document, is missing or empty.'],
    ['a document of null', { query: null, extensions: {} }, '`query`, the document, is missing or empty.'],
    ['an id of a document', { id: 'x', documentId: 'y' }, '`query`, the document, is missing or empty.'],
    ['null', 'null', 'The body is a JSON object.'],
    ['a number', '1e400', 'The body is a JSON object.'],
    ['a text', '"{__typename}"', 'The body is a JSON object.'],
    [
      'a document behind __proto__',
      '{"__proto__":{"query":"{__typename}"}}',
      '`query`, the document, is missing or empty.',
    ],
  ])('in a body: %s', async (_what, body, message) => {
    expect(await post(body)).toEqual(['BAD_USER_INPUT', message]);
  });

  it.each(['[]', '[{"query":"{__typename}"}]', '[null,null]'])(
    'a list of requests is over a limit: %s',
    async (body) => {
      expect(await post(body)).toEqual(['LIMITE_EXCEDIDO', 'One operation a request.']);
    },
  );

  it.each([
    ['', '`query`, the document, is missing or empty.'],
    ['?query=', '`query`, the document, is missing or empty.'],
    ['?query=a&query=b', '`query` is there more than once.'],
    ['?query=a&variables=%7B', '`variables` is not JSON.'],
    ['?query=a&variables=1', '`variables` is an object.'],
    ['?query=a&variables=%7B%7D&variables=%7B%7D', '`variables` is there more than once.'],
    ['?query=a&extensions=x', '`extensions` is not JSON.'],
    ['?query=a&extensions=%5B%5D', '`extensions` is an object.'],
    ['?query=a&operationName=A&operationName=B', '`operationName` is there more than once.'],
    ['?query[]=a', '`query`, the document, is missing or empty.'],
    ['?__proto__=1&constructor=2', '`query`, the document, is missing or empty.'],
  ])('in an address: %s', async (search, message) => {
    expect(await refusalOf(`GET /graph${search}`)).toEqual(['BAD_USER_INPUT', message]);
  });

  it.each([
    { query: QUERY },
    { query: QUERY, variables: null, operationName: null, extensions: null },
    { query: QUERY, variables: {}, operationName: '', extensions: { a: 1 } },
    { query: QUERY, unknown: 1 },
    { extensions: BY_HASH },
  ])('not by others: %j', async (body) => {
    expect(await ask('POST /graph', JSON.stringify(body))).toMatchObject({ status: 200 });
    const search = Object.entries(body).flatMap(([name, value]) =>
      value === null
        ? []
        : [`${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`],
    );
    expect(await ask(`GET /graph?${search.join('&')}`)).toMatchObject({ status: 200 });
  });
});
