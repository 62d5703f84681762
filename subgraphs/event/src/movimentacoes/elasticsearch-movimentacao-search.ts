import { type Client, errors, type estypes } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { PublicError } from '@pessoa/domain/errors';
import { elasticsearchError } from '@pessoa/search-index/elasticsearch-error';
import { showBreaker } from '@pessoa/service/metrics/breaker-metrics';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { createBreaker } from '@pessoa/service/resilience/breaker';
import { readDeadline } from '@pessoa/subgraph/base/read-deadline';
import { movimentacaoOf } from './document-movimentacao.ts';
import { countBody, pageBody } from './elasticsearch-query.ts';
import type { MovimentacaoSearch } from './movimentacao-search.ts';
import { documentsOf, isRefusal, readSearchAnswer, RefusedSearchError, totalOf } from './search-answer.ts';

interface ElasticsearchSearchOptions {
  readonly client: Client;
  /** The name of the index to search. Called for each search. */
  readonly indexName: () => string;
  readonly cpfHash: CpfHash;
  /** The whole time of one call. After it the call fails with FONTE_LENTA. */
  readonly searchMillis: number;
  /** Shows whether Elasticsearch is asked. Default: nothing shows it. */
  readonly metrics?: Metrics;
}

/**
 * Searches an index of Base C. All postings of one person are in one shard, so each person's search asks that shard
 * alone. One call is one request, whatever the number of people.
 */
export function elasticsearchMovimentacaoSearch(options: ElasticsearchSearchOptions): MovimentacaoSearch {
  const { client, indexName, cpfHash, searchMillis, metrics } = options;
  const breaker = createBreaker({
    isFailure: (error) => error instanceof PublicError && !(error.cause instanceof RefusedSearchError),
    refusal: () => new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' }),
  });

  if (metrics) showBreaker(metrics, 'elasticsearch', breaker);

  async function request(searches: readonly Search[]): Promise<unknown[]> {
    // The client's own time-out ends with the first byte of an answer. The client ignores a signal until it is
    // connected.
    const withinDeadline = readDeadline(searchMillis, 'evento');
    const abortion = new AbortController();
    try {
      return await withinDeadline(() => send(client, indexName(), searches, { searchMillis, signal: abortion.signal }));
    } catch (error) {
      throw searchError(error);
    } finally {
      abortion.abort();
    }
  }

  /** `readAnswer` runs inside the breaker: an unusable answer counts as a failure too. */
  const search = <T>(cpfs: readonly Cpf[], bodyOf: BodyOf, readAnswer: ReadAnswer<T>): Promise<T[]> =>
    breaker.run(async () => {
      const searches = cpfs.map((cpf): Search => {
        const hash = cpfHash(cpf);
        return { hash, body: bodyOf(hash) };
      });
      const answers = await request(searches);
      if (answers.length !== searches.length) throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
      return searches.map(({ hash }, position) => readAnswer(readSearchAnswer(answers[position]), hash));
    });

  return {
    find: (cpfs, query) =>
      search(
        cpfs,
        (hash) => pageBody(hash, query),
        (answer, hash) => documentsOf(answer, hash).map(movimentacaoOf),
      ),
    count: (cpfs, filter, limit) =>
      search(
        cpfs,
        (hash) => countBody(hash, filter, limit),
        (answer) => Math.min(totalOf(answer), limit),
      ),
  };
}

type SearchBody = estypes.MsearchMultisearchBody;
type BodyOf = (cpfHash: string) => SearchBody;
type ReadAnswer<T> = (answer: ReturnType<typeof readSearchAnswer>, cpfHash: string) => T;

interface Search {
  readonly hash: string;
  readonly body: SearchBody;
}

async function send(
  client: Client,
  index: string,
  searches: readonly Search[],
  { searchMillis, signal }: { searchMillis: number; signal: AbortSignal },
): Promise<unknown[]> {
  const bodyWithTimeout = ({ body }: Search): SearchBody => ({ ...body, timeout: `${searchMillis}ms` });
  // `preference` picks the same copy of the shard for each page of one person. Another copy may be a moment behind, and
  // then a page would skip or repeat postings.
  const placement = ({ hash }: Search) => ({ routing: hash, preference: hash, allow_partial_search_results: false });
  const [search] = searches;
  if (searches.length === 1 && search) {
    return [await client.search({ index, ...placement(search), ...bodyWithTimeout(search) }, { signal })];
  }
  const lines = searches.flatMap((each) => [placement(each), bodyWithTimeout(each)]);
  const { responses } = await client.msearch({ index, searches: lines }, { signal });
  return responses;
}

/** Translates into a public error. Its cause holds nothing that must not be logged. */
function searchError(error: unknown): PublicError {
  if (error instanceof PublicError) return error;
  const code =
    error instanceof errors.TimeoutError
      ? 'FONTE_LENTA'
      : error instanceof errors.ConnectionError || error instanceof errors.ResponseError
        ? 'FONTE_INDISPONIVEL'
        : 'FONTE_INVALIDA';
  const cause = elasticsearchError(error);
  const isRefused = error instanceof errors.ResponseError && isRefusal(error.statusCode);
  return new PublicError(code, { fonte: 'evento', cause: isRefused ? new RefusedSearchError(cause.message) : cause });
}
