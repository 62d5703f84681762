import type { Finalidade } from '@pessoa/domain/finalidade';

/** Where the record of a read is kept: by the bureau's base, or by our own audit. */
export type Origem = 'base-c' | 'auditoria';

/** Somebody's read of a person's data. */
export interface Consulta {
  readonly origem: Origem;
  /** Unique within its `origem`. */
  readonly id: string;
  readonly consulente: string;
  readonly cnpjConsulente: string | null;
  readonly biro: string | null;
  readonly dataHora: Date;
  readonly finalidade: Finalidade;
  readonly produto: string | null;
  readonly peloTitular: boolean;
}
