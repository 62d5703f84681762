import type { Cpf } from '@pessoa/domain/cpf';
import type { Position } from '@pessoa/domain/paging';
import type { MovimentacaoFilter } from './movimentacao-filter.ts';
import type { Movimentacao } from './movimentacao.ts';

export interface MovimentacaoQuery {
  readonly filter: MovimentacaoFilter;
  /** Only what comes after this posting: its instant in RFC 3339 and its id. */
  readonly after: Position | undefined;
  /** Postings a person, at most. */
  readonly limit: number;
}

/**
 * Finds people's postings: newest first, equal instants by the bytes of the id downwards. Days of the filter are days of
 * São Paulo, both inclusive. A text matches when every word of it is among a posting's stored words (`wordsOf` of its
 * description and counterparty), the last one as the beginning of a word.
 *
 * One statement or request a call, whatever the number of people. Never an empty list in place of an answer that could not
 * be had: a failure is a PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with `fonte: evento`.
 */
export interface MovimentacaoSearch {
  /** One list per CPF, in the order asked; empty for a CPF it has nothing of. */
  find(cpfs: readonly Cpf[], query: MovimentacaoQuery): Promise<(readonly Movimentacao[])[]>;
  /** One number per CPF, in the order asked; at most `upTo`. */
  count(cpfs: readonly Cpf[], filter: MovimentacaoFilter, upTo: number): Promise<number[]>;
}
