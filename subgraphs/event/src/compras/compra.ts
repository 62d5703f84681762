import type { CompraCartaoRow } from '@pessoa/bases/base-c';
import type { Instituicao } from '../instituicao.ts';

/** Columns that `Compra` leaves out or holds in another shape. */
type ReshapedColumn = 'cpf' | 'dataHora' | 'emissorNome' | 'emissorIspb' | 'emissorCompe';

/** A credit card purchase, approved or not. Amounts are decimal text. */
export interface Compra extends Omit<CompraCartaoRow, ReshapedColumn> {
  readonly dataHora: Date;
  readonly emissor: Instituicao | null;
}
