import type { ConsultaRow } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';

/** The store of an inquiry: Base C, or our own audit. Cursors hold these words. */
export type ConsultaStore = 'base-c' | 'auditoria';

/** The range that RFC 3339 can write: years 1 to 9999. */
export const FIRST_MILLIS = Date.parse('0001-01-01T00:00:00Z');
export const LAST_MILLIS = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether RFC 3339 can write this instant, in milliseconds of the epoch. */
export const isInstant = (millis: number): boolean => millis >= FIRST_MILLIS && millis <= LAST_MILLIS;

/** An inquiry: an access to the data of one person. */
export interface Consulta extends Omit<ConsultaRow, 'cpf' | 'dataHora'> {
  /** Whose data the guard of `prova` protects. */
  readonly cpf: Cpf;
  readonly store: ConsultaStore;
  /** Milliseconds of the epoch. Where Base C holds no real instant, it is null or infinite. */
  readonly dataHoraMillis: number | null;
}
