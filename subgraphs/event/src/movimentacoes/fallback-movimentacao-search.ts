import type { Cpf } from '@pessoa/domain/cpf';
import { PublicError, type PublicErrorCode } from '@pessoa/domain/errors';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter } from 'prom-client';
import type { MovimentacaoSearch } from './movimentacao-search.ts';

/** Why an answer came from where it came. */
type Reason = 'current' | 'stale' | 'unreadable' | 'slow' | 'unavailable' | 'invalid';

interface FallbackOptions {
  readonly index: MovimentacaoSearch;
  readonly baseC: MovimentacaoSearch;
  /** Whether the index is known to have what Base C has. */
  readonly isCurrent: () => boolean;
  /** False for a person of whom the index lacks a posting that it could not hold. */
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
 * Asks the index, and Base C whenever the index is not known to be current or gave no whole answer: so a list is whole
 * wherever it comes from. Base C's failure is the caller's error.
 */
export function fallbackMovimentacaoSearch(options: FallbackOptions): MovimentacaoSearch {
  const { index, baseC, isCurrent, hasAllOf, metrics, logger } = options;
  const answers = new Counter({
    name: 'pessoa_search_answers_total',
    help: 'Searches of postings by what answered them, and why.',
    labelNames: ['engine', 'reason'],
    registers: [metrics],
  });
  let last: Reason | undefined;

  function note(engine: 'elasticsearch' | 'base_c', reason: Reason, err?: unknown): void {
    answers.inc({ engine, reason });
    if (reason === last) return;
    last = reason; // once for each change, not once for each search
    const line = { engine, reason, ...(err !== undefined && { err }) };
    if (engine === 'base_c') logger.warn(line, 'postings come from Base C, not from the index');
    else logger.info(line, 'postings come from the index');
  }

  async function answer<T>(cpfs: readonly Cpf[], ask: (search: MovimentacaoSearch) => Promise<T>): Promise<T> {
    if (!isCurrent()) {
      note('base_c', 'stale');
      return ask(baseC);
    }
    if (!cpfs.every(hasAllOf)) {
      answers.inc({ engine: 'base_c', reason: 'unreadable' }); // of these people alone: no turn to tell of
      return ask(baseC);
    }
    try {
      const found = await ask(index);
      note('elasticsearch', 'current');
      return found;
    } catch (error) {
      const reason = error instanceof PublicError ? REASONS[error.code] : undefined;
      if (!reason) throw error; // our own bug, which Base C would hide
      note('base_c', reason, error);
      return ask(baseC);
    }
  }

  return {
    find: (cpfs, query) => answer(cpfs, (search) => search.find(cpfs, query)),
    count: (cpfs, filter, upTo) => answer(cpfs, (search) => search.count(cpfs, filter, upTo)),
  };
}
