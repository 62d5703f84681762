import type { Cpf } from '@pessoa/domain/cpf';
import { PublicError, type PublicErrorCode } from '@pessoa/domain/errors';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter } from 'prom-client';
import type { MovimentacaoSearch } from './movimentacao-search.ts';

/** Why the index or Base C answered. */
type Reason = 'current' | 'stale' | 'unreadable' | 'slow' | 'unavailable' | 'invalid';

interface FallbackOptions {
  readonly index: MovimentacaoSearch;
  readonly baseC: MovimentacaoSearch;
  /** Whether the index is known to hold all of Base C. */
  readonly isCurrent: () => boolean;
  /** False for a person with a posting that the index could not hold. */
  readonly hasAllOf: (cpf: Cpf) => boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const REASONS: Partial<Record<PublicErrorCode, Reason>> = {
  FONTE_LENTA: 'slow',
  FONTE_INDISPONIVEL: 'unavailable',
  FONTE_INVALIDA: 'invalid',
};

/**
 * Asks the index while it is known to be current. Base C answers otherwise, and when the index fails or answers in
 * part. So no list lacks a posting. When Base C fails, the caller gets its error.
 */
export function fallbackMovimentacaoSearch(options: FallbackOptions): MovimentacaoSearch {
  const { index, baseC, isCurrent, hasAllOf, metrics, logger } = options;
  const answers = new Counter({
    name: 'pessoa_search_answers_total',
    help: 'Searches of postings by what answered them, and why.',
    labelNames: ['engine', 'reason'],
    registers: [metrics],
  });
  let lastReason: Reason | undefined;

  function recordAnswer(engine: 'elasticsearch' | 'base_c', reason: Reason, err?: unknown): void {
    answers.inc({ engine, reason });
    if (reason === lastReason) return;
    lastReason = reason; // one log line for each change, not for each search
    const fields = { engine, reason, ...(err !== undefined && { err }) };
    if (engine === 'base_c') logger.warn(fields, 'postings come from Base C, not from the index');
    else logger.info(fields, 'postings come from the index');
  }

  async function searchIndexFirst<T>(
    cpfs: readonly Cpf[],
    ask: (search: MovimentacaoSearch) => Promise<T>,
  ): Promise<T> {
    if (!isCurrent()) {
      recordAnswer('base_c', 'stale');
      return ask(baseC);
    }
    if (!cpfs.every(hasAllOf)) {
      answers.inc({ engine: 'base_c', reason: 'unreadable' }); // not logged: it concerns these people alone
      return ask(baseC);
    }
    try {
      const answer = await ask(index);
      recordAnswer('elasticsearch', 'current');
      return answer;
    } catch (error) {
      const reason = error instanceof PublicError ? REASONS[error.code] : undefined;
      if (!reason) throw error; // our own bug, which Base C would hide
      recordAnswer('base_c', reason, error);
      return ask(baseC);
    }
  }

  return {
    find: (cpfs, query) => searchIndexFirst(cpfs, (search) => search.find(cpfs, query)),
    count: (cpfs, filter, limit) => searchIndexFirst(cpfs, (search) => search.count(cpfs, filter, limit)),
  };
}
