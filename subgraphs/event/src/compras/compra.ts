import type { CompraCartaoRow } from '@pessoa/bases/base-c';
import type { Instituicao } from '../instituicao.ts';

/** What of a row is shown otherwise, or not. */
type Kept = 'cpf' | 'dataHora' | 'emissorNome' | 'emissorIspb' | 'emissorCompe';

/** A purchase by credit card, approved or not; money as decimal text. */
export interface Compra extends Omit<CompraCartaoRow, Kept> {
  readonly dataHora: Date;
  readonly emissor: Instituicao | null;
}
