import type { ConsultaRow } from '@pessoa/bases/base-c';

/** Where the record of a read is kept: by the bureau's base, or by our own audit. */
export type Origem = 'base-c' | 'auditoria';

/** What RFC 3339 can write: years 1 to 9999. */
export const FIRST_MILLIS = Date.parse('0001-01-01T00:00:00Z');
export const LAST_MILLIS = Date.parse('9999-12-31T23:59:59.999Z');

export const isInstant = (millis: number): boolean => millis >= FIRST_MILLIS && millis <= LAST_MILLIS;

/** Somebody's read of a person's data. */
export interface Consulta extends Omit<ConsultaRow, 'cpf' | 'dataHora'> {
  readonly origem: Origem;
  /** Milliseconds of the epoch; infinite, or null, where Base C has what is no instant. Orders the list, null first. */
  readonly dataHoraMillis: number | null;
}
