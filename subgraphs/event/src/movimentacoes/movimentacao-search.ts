import type { Cpf } from '@pessoa/domain/cpf';
import type { Position } from '@pessoa/domain/paging';
import type { MovimentacaoFilter } from './movimentacao-filter.ts';
import type { Movimentacao } from './movimentacao.ts';

export interface MovimentacaoQuery {
  readonly filter: MovimentacaoFilter;
  /** Only the postings that come after this one, given by its instant (RFC 3339) and its id. */
  readonly after: Position | undefined;
  /** Postings a person, at most. */
  readonly limit: number;
  /** True: only `BRIEF_FIELDS` of each posting are wanted, and the others may be absent. Default: all are there. */
  readonly isBrief?: boolean;
}

/** What says how much went where. A statement that selects nothing else costs half. */
export const BRIEF_FIELDS = ['id', 'dataHora', 'natureza', 'tipo', 'valor'] as const;

/**
 * Searches people's postings. They are sorted newest first; equal instants are sorted by the bytes of the id,
 * descending. Days of the filter are days of São Paulo, both inclusive. A text matches a posting when each of its words
 * is among the posting's stored words (`wordsOf` of its description and counterparty). The last word also matches as a
 * prefix.
 *
 * One call is one statement or one request, whatever the number of people. A failure is a PublicError
 * FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with `fonte: evento`, never an empty list.
 */
export interface MovimentacaoSearch {
  /** One list per CPF, in the order of `cpfs`; empty for a CPF without postings. */
  find(cpfs: readonly Cpf[], query: MovimentacaoQuery): Promise<(readonly Movimentacao[])[]>;
  /** One number per CPF, in the order of `cpfs`; at most `limit`. */
  count(cpfs: readonly Cpf[], filter: MovimentacaoFilter, limit: number): Promise<number[]>;
}
