import { PublicError } from '@pessoa/domain/errors';
import { MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';
import { TERM_LETTERS_MAX } from '@pessoa/search-index/movimentacao-index';
import { z } from 'zod';

/** The part that Event reads of Elasticsearch's answer to one search. */
const SearchAnswer = z.object({
  timed_out: z.boolean(),
  terminated_early: z.boolean().optional(),
  _shards: z.object({ total: z.number(), successful: z.number(), failed: z.number() }),
  hits: z.object({
    total: z.object({ value: z.number().int().min(0) }).optional(),
    hits: z.array(z.object({ _source: MovimentacaoDocument })),
  }),
});
type SearchAnswer = z.infer<typeof SearchAnswer>;

/** Among several answers of one request, stands in the place of a search that failed alone. */
const SearchFailure = z.object({ error: z.object({}), status: z.number().optional() });

/**
 * The cause when Elasticsearch refused a search for its content. Elasticsearch itself works, so no breaker counts it.
 */
export class RefusedSearchError extends Error {}

/** Whether Elasticsearch refused the search because it cannot read it (400) or because it is too large (413). */
export const isRefusal = (status: number | undefined): boolean => status === 400 || status === 413;

/**
 * Reads the answer to one search. Elasticsearch also calls it a success when it found only a part.
 *
 * @throws PublicError FONTE_LENTA when Elasticsearch ran out of time, FONTE_INDISPONIVEL when a shard did not answer,
 *   FONTE_INVALIDA for anything that is not an answer to a search
 */
export function readSearchAnswer(answer: unknown): SearchAnswer {
  const failure = SearchFailure.safeParse(answer);
  if (failure.success) {
    const cause = isRefusal(failure.data.status) ? new RefusedSearchError('one of several searches') : undefined;
    throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento', cause });
  }
  const parsed = SearchAnswer.safeParse(answer);
  if (!parsed.success) throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
  const { timed_out: timedOut, terminated_early: terminatedEarly, _shards: shards } = parsed.data;
  if (timedOut || terminatedEarly) throw new PublicError('FONTE_LENTA', { fonte: 'evento' });
  // An answer from zero shards comes from an index that has lost them.
  if (shards.total === 0 || shards.failed > 0 || shards.successful < shards.total) {
    throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' });
  }
  return parsed.data;
}

/** @throws PublicError FONTE_INVALIDA for a document of another person, or with an id that the index cannot sort */
export function documentsOf({ hits }: SearchAnswer, cpfHash: string): MovimentacaoDocument[] {
  const documents = hits.hits.map(({ _source }) => _source);
  // The index sorts a document with a longer id as if it had no id.
  if (documents.some((document) => document.cpfHash !== cpfHash || document.id.length > TERM_LETTERS_MAX)) {
    throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
  }
  return documents;
}

/** @throws PublicError FONTE_INVALIDA for an answer without a total */
export function totalOf({ hits }: SearchAnswer): number {
  if (!hits.total) throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
  return hits.total.value;
}
