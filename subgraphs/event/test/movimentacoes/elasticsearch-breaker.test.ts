import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { fixedClock } from '@pessoa/domain/data';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { asServedRequest } from '@pessoa/service/resilience/served-request';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { elasticsearchMovimentacaoSearch } from '../../src/movimentacoes/elasticsearch-movimentacao-search.ts';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';
import { NOW } from '../event-under-test.ts';

const HEADERS = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' };

describe('The breaker before the search index', () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let requestCount = 0;
  let client: ReturnType<typeof connectElasticsearch>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requestCount++;
      request.resume().on('end', () => response.writeHead(answer.status, HEADERS).end(JSON.stringify(answer.body)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 5_000 });
  });
  afterAll(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const filter = completeMovimentacaoFilter(readMovimentacaoFilter({}), fixedClock(NOW));
  /** Sends `count` failing searches for `people` people each. Then tells whether the index gets one more search. */
  async function isClosedAfter(count: number, people: number, isOneRequest = false): Promise<boolean> {
    const movimentacoes = elasticsearchMovimentacaoSearch({
      client,
      indexName: () => 'movimentacao-1',
      cpfHash: cpfHasher(Buffer.alloc(32, 7)),
      searchMillis: 5_000,
    });
    const cpfs = Array.from({ length: people }, newCpf);
    const search = () => movimentacoes.find(cpfs, { filter, after: undefined, limit: 1 }).catch(() => undefined);
    const searchRepeatedly = async () => {
      for (let round = 0; round < count; round++) await search();
    };
    await (isOneRequest ? asServedRequest(searchRepeatedly) : searchRepeatedly());
    const countBefore = requestCount;
    await search();
    return requestCount > countBefore;
  }

  const errorBody = (status: number) => ({ error: { type: 'x_content_parse_exception' }, status });

  it.each([
    ['a search that cannot be read', { status: 400, body: errorBody(400) }, 1],
    ['a search that is too large', { status: 413, body: errorBody(413) }, 1],
    [
      'a search among several that cannot be read',
      { status: 200, body: { responses: [errorBody(400), errorBody(400)] } },
      2,
    ],
  ])('stays closed after twenty refusals of %s', async (_search, refusal, people) => {
    answer = refusal;
    expect(await isClosedAfter(20, people)).toBe(true);
  });

  it('stays closed after twenty failures within one request', async () => {
    answer = { status: 503, body: errorBody(503) };
    expect(await isClosedAfter(20, 1, true)).toBe(true);
  });

  it.each([
    ['is overloaded', { status: 429, body: errorBody(429) }, 1],
    ['has lost a shard', { status: 503, body: errorBody(503) }, 1],
    [
      'is overloaded for one of several searches',
      { status: 200, body: { responses: [errorBody(429), errorBody(429)] } },
      2,
    ],
  ])('opens after twenty requests to an index that %s', async (_fault, failure, people) => {
    answer = failure;
    expect(await isClosedAfter(20, people)).toBe(false);
  });
});
