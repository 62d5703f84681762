import { type Client, errors, type estypes } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { PublicError } from '@pessoa/domain/errors';
import { elasticsearchError } from '@pessoa/search-index/elasticsearch-error';
import { createBreaker } from '@pessoa/service/resilience/breaker';
import { readDeadline } from '@pessoa/subgraph/base/read-deadline';
import { movimentacaoOf } from './document-movimentacao.ts';
import { countBody, pageBody } from './elasticsearch-query.ts';
import type { MovimentacaoSearch } from './movimentacao-search.ts';
import { documentsOf, isRefusal, readSearchAnswer, RefusedSearchError, totalOf } from './search-answer.ts';

interface ElasticsearchSearchOptions {
  readonly client: Client;
  /** The index to search, by its own name; asked at each call. */
  readonly index: () => string;
  readonly cpfHash: CpfHash;
  /** For a call, all of it; then FONTE_LENTA. */
  readonly searchMillis: number;
}

/** Search in an index of Base C, of each person in their one shard. One request a call, whatever the number of people. */
export function elasticsearchMovimentacaoSearch(options: ElasticsearchSearchOptions): MovimentacaoSearch {
  const { client, index, cpfHash, searchMillis } = options;
  const breaker = createBreaker({
    isFailure: (error) => error instanceof PublicError && !(error.cause instanceof RefusedSearchError),
    refusal: () => new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' }),
  });

  async function request(searches: readonly Search[]): Promise<unknown[]> {
    // The client's own time-out ends with the first byte of an answer, and a signal it hears only once it is connected.
    const inTime = readDeadline(searchMillis, 'evento');
    const over = new AbortController();
    try {
      return await inTime(() => send(client, index(), searches, { searchMillis, signal: over.signal }));
    } catch (error) {
      throw searchError(error);
    } finally {
      over.abort();
    }
  }

  /** `read` is part of what the breaker counts: an answer that cannot be used is a failure too. */
  const search = <T>(cpfs: readonly Cpf[], bodyOf: BodyOf, read: ReadAnswer<T>): Promise<T[]> =>
    breaker.run(async () => {
      const searches = cpfs.map((cpf): Search => {
        const hash = cpfHash(cpf);
        return { hash, body: bodyOf(hash) };
      });
      const answers = await request(searches);
      if (answers.length !== searches.length) throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
      return searches.map(({ hash }, position) => read(readSearchAnswer(answers[position]), hash));
    });

  return {
    find: (cpfs, query) =>
      search(
        cpfs,
        (hash) => pageBody(hash, query),
        (answer, hash) => documentsOf(answer, hash).map(movimentacaoOf),
      ),
    count: (cpfs, filter, upTo) =>
      search(
        cpfs,
        (hash) => countBody(hash, filter, upTo),
        (answer) => Math.min(totalOf(answer), upTo),
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
  const bounded = ({ body }: Search): SearchBody => ({ ...body, timeout: `${searchMillis}ms` });
  // The same copy of the shard for the same person: of two copies one may be a moment behind, and a next page would jump.
  const placed = ({ hash }: Search) => ({ routing: hash, preference: hash, allow_partial_search_results: false });
  const [only] = searches;
  if (searches.length === 1 && only) {
    return [await client.search({ index, ...placed(only), ...bounded(only) }, { signal })];
  }
  const lines = searches.flatMap((search) => [placed(search), bounded(search)]);
  const { responses } = await client.msearch({ index, searches: lines }, { signal });
  return responses;
}

/** In the words of the closed table; the cause is what may be logged of it. */
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
