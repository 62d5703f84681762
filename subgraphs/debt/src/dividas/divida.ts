import type { Data } from '@pessoa/domain/data';
import type { ModalidadeDivida, NaturezaAnotacao, SituacaoDivida, Uf } from '../generated/resolvers.ts';

/** A debt as Base A has it; money as decimal text. */
export interface Divida {
  readonly id: string;
  readonly credor: { readonly nome: string; readonly cnpj: string | null };
  readonly contrato: string;
  readonly modalidade: ModalidadeDivida;
  readonly natureza: NaturezaAnotacao;
  readonly situacao: SituacaoDivida;
  readonly valorOriginal: string;
  readonly valorAtualizado: string | null;
  readonly vencimento: Data;
  readonly dataInclusao: Data;
  readonly dataComunicacao: Data | null;
  readonly parcelasEmAtraso: number | null;
  readonly principal: boolean;
  readonly uf: Uf | null;
}

/** Totals of a person's debts. */
export interface Resumo {
  readonly quantidade: number;
  readonly valorTotal: string;
  readonly primeiraOcorrencia: Data | null;
  readonly ultimaOcorrencia: Data | null;
}
