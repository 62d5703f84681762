import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { fixedClock } from '@pessoa/domain/data';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { asCaller } from '@pessoa/testkit/as-caller';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { elasticsearchMovimentacaoSearch } from '../src/movimentacoes/elasticsearch-movimentacao-search.ts';
import { askedMovimentacaoFilter, movimentacaoFilter } from '../src/movimentacoes/movimentacao-filter.ts';
import { NOW } from './event-under-test.ts';

const HEADERS = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' };

describe('One request opens nobody’s breaker: the search index', () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let asked = 0;
  let client: ReturnType<typeof connectElasticsearch>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked++;
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

  const filter = movimentacaoFilter(askedMovimentacaoFilter({}), fixedClock(NOW));
  /** Searches `count` times for as many people each, and says whether one more would reach the index. */
  async function isAskedAfter(count: number, people: number, isOneRequest = false): Promise<boolean> {
    const index = elasticsearchMovimentacaoSearch({
      client,
      index: () => 'movimentacao-1',
      cpfHash: cpfHasher(Buffer.alloc(32, 7)),
      searchMillis: 5_000,
    });
    const cpfs = Array.from({ length: people }, newCpf);
    const search = () => index.find(cpfs, { filter, after: undefined, limit: 1 }).catch(() => undefined);
    const all = async () => {
      for (let round = 0; round < count; round++) await search();
    };
    await (isOneRequest ? asCaller(all) : all());
    const before = asked;
    await search();
    return asked > before;
  }

  const refusal = (status: number) => ({ error: { type: 'x_content_parse_exception' }, status });

  it.each([
    ['a search that cannot be read', { status: 400, body: refusal(400) }, 1],
    ['a search that is too large', { status: 413, body: refusal(413) }, 1],
    ['one of several that cannot be read', { status: 200, body: { responses: [refusal(400), refusal(400)] } }, 2],
  ])('by %s', async (_what, given, people) => {
    answer = given;
    expect(await isAskedAfter(20, people)).toBe(true);
  });

  it('by twenty searches of one request', async () => {
    answer = { status: 503, body: refusal(503) };
    expect(await isAskedAfter(20, 1, true)).toBe(true);
  });

  it.each([
    ['has too much to do', { status: 429, body: refusal(429) }, 1],
    ['has lost a shard', { status: 503, body: refusal(503) }, 1],
    ['has too much to do for one of several', { status: 200, body: { responses: [refusal(429), refusal(429)] } }, 2],
  ])('while an index that %s is asked no more', async (_what, given, people) => {
    answer = given;
    expect(await isAskedAfter(20, people)).toBe(false);
  });
});
