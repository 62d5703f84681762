import type { MovimentacaoRow } from '@pessoa/bases/base-c';
import type { Instituicao } from '../instituicao.ts';

/** What of a row is shown otherwise, or not. */
type Kept = 'cpf' | 'dataHora' | 'instituicaoNome' | 'instituicaoIspb' | 'instituicaoCompe' | 'palavras';

/** A posting to an account. Money as decimal text; `valor` is never negative, `natureza` says which way it went. */
export interface Movimentacao extends Omit<MovimentacaoRow, Kept> {
  readonly dataHora: Date;
  readonly instituicao: Instituicao | null;
}
