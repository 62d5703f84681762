import { PublicError } from '@pessoa/domain/errors';
import { MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';
import { TERM_LETTERS_MAX } from '@pessoa/search-index/movimentacao-index';
import { z } from 'zod';

/** The part of Elasticsearch's answer to one search that is read. */
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

/** What one of several searches has in its place when it failed alone. */
const SearchFailure = z.object({ error: z.object({}), status: z.number().optional() });

/** The cause of a search that Elasticsearch refused for what was asked: it answers, and others are not kept from it. */
export class RefusedSearchError extends Error {}

/** What Elasticsearch says of a search that it cannot read, and of one that is too large. */
export const isRefusal = (status: number | undefined): boolean => status === 400 || status === 413;

/**
 * Reads the answer to one search, which Elasticsearch calls a success also when it is a part only.
 *
 * @throws PublicError FONTE_LENTA when the time was over before all was read, FONTE_INDISPONIVEL when a shard did not
 *   answer, FONTE_INVALIDA for anything that is no answer
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
  // None at all is an index whose shards are gone.
  if (shards.total === 0 || shards.failed > 0 || shards.successful < shards.total) {
    throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' });
  }
  return parsed.data;
}

/** @throws PublicError FONTE_INVALIDA for a document of somebody else, or one that cannot be put in order */
export function documentsOf({ hits }: SearchAnswer, cpfHash: string): MovimentacaoDocument[] {
  const documents = hits.hits.map(({ _source }) => _source);
  // An id over what the index compares by is sorted as if it had none.
  if (documents.some((one) => one.cpfHash !== cpfHash || one.id.length > TERM_LETTERS_MAX)) {
    throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
  }
  return documents;
}

/** @throws PublicError FONTE_INVALIDA for an answer without a total */
export function totalOf({ hits }: SearchAnswer): number {
  if (!hits.total) throw new PublicError('FONTE_INVALIDA', { fonte: 'evento' });
  return hits.total.value;
}
