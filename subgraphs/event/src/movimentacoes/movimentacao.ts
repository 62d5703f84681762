import type {
  CanalMovimentacao,
  NaturezaLancamento,
  SituacaoMovimentacao,
  TipoMovimentacao,
} from '../generated/resolvers.ts';
import type { Instituicao } from '../instituicao.ts';

/** A posting to an account. Money as decimal text; `valor` is never negative, `natureza` says which way it went. */
export interface Movimentacao {
  readonly id: string;
  readonly dataHora: Date;
  readonly natureza: NaturezaLancamento;
  readonly tipo: TipoMovimentacao;
  readonly valor: string;
  readonly descricao: string | null;
  readonly canal: CanalMovimentacao | null;
  readonly instituicao: Instituicao | null;
  readonly situacao: SituacaoMovimentacao;
  readonly contraparte: string | null;
  readonly saldoApos: string | null;
}
