import type { Bandeira, FormaPagamento } from '../generated/resolvers.ts';
import type { Instituicao } from '../instituicao.ts';

/** A purchase by credit card, approved or not; money as decimal text. */
export interface Compra {
  readonly id: string;
  readonly dataHora: Date;
  readonly valor: string;
  readonly valorMoedaOrigem: string | null;
  readonly moedaOrigem: string | null;
  readonly estabelecimento: string;
  readonly mcc: string | null;
  readonly bandeira: Bandeira;
  readonly finalCartao: string;
  readonly emissor: Instituicao | null;
  readonly formaPagamento: FormaPagamento;
  readonly parcelas: number;
  readonly presencial: boolean | null;
  readonly aprovada: boolean;
}
