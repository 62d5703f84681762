import type { Cpf } from '@pessoa/domain/cpf';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { Consulta, ConsultaStore } from './consulta.ts';

/** The place of an inquiry in the order of one store. */
export interface ConsultaKey {
  /** As `Consulta.dataHoraMillis`. */
  readonly dataHoraMillis: number | null;
  readonly id: string;
}

export interface ConsultaQuery {
  readonly filter: ConsultaFilter;
  /** Only the inquiries that come after this one in the order of the store. */
  readonly after: ConsultaKey | undefined;
  /** Inquiries a person, at most. */
  readonly limit: number;
}

/**
 * The inquiries in one store. They are sorted newest first; inquiries without an instant come before all others. Equal
 * instants are sorted by id, descending, as the store compares ids. Instants have whole milliseconds.
 *
 * One call is one statement, whatever the number of people. A failure is a PublicError FONTE_INDISPONIVEL, FONTE_LENTA
 * or FONTE_INVALIDA with `fonte: evento`, never an empty list.
 */
export interface ConsultaRepository {
  readonly store: ConsultaStore;
  /** One list per CPF, in the order of `cpfs`; empty for a CPF without inquiries. */
  find(cpfs: readonly Cpf[], query: ConsultaQuery): Promise<(readonly Consulta[])[]>;
  /** One number per CPF, in the order of `cpfs`; at most `limit`. */
  count(cpfs: readonly Cpf[], filter: ConsultaFilter, limit: number): Promise<number[]>;
}
