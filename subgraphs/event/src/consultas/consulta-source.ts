import type { Cpf } from '@pessoa/domain/cpf';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { Consulta, Origem } from './consulta.ts';

/** A record of this source: its instant, and its id among those of the same instant. */
export interface ConsultaKey {
  /** As `Consulta.dataHoraMillis`. */
  readonly dataHoraMillis: number | null;
  readonly id: string;
}

export interface ConsultaQuery {
  readonly filter: ConsultaFilter;
  /** Only what comes after this record. */
  readonly after: ConsultaKey | undefined;
  /** Records a person, at most. */
  readonly limit: number;
}

/**
 * One store of reads. Newest first (one without an instant before all others), equal instants by id downwards, as the store itself compares ids. Instants have
 * whole milliseconds. One statement a call, whatever the number of people. A failure is a PublicError with
 * `fonte: evento`.
 */
export interface ConsultaSource {
  readonly origem: Origem;
  /** One list per CPF, in the order asked. */
  find(cpfs: readonly Cpf[], query: ConsultaQuery): Promise<(readonly Consulta[])[]>;
  /** One number per CPF, in the order asked; at most `upTo`. */
  count(cpfs: readonly Cpf[], filter: ConsultaFilter, upTo: number): Promise<number[]>;
}
