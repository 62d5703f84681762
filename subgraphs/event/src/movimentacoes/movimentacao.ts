import type { MovimentacaoRow } from '@pessoa/bases/base-c';
import type { Instituicao } from '../instituicao.ts';

/** Columns that `Movimentacao` leaves out or holds in another shape. */
type ReshapedColumn = 'cpf' | 'dataHora' | 'instituicaoNome' | 'instituicaoIspb' | 'instituicaoCompe' | 'palavras';

/** An entry in a bank account. Amounts are decimal text. `valor` is never negative; `natureza` gives the direction. */
export interface Movimentacao extends Omit<MovimentacaoRow, ReshapedColumn> {
  readonly dataHora: Date;
  readonly instituicao: Instituicao | null;
}
