import type * as baseA from '@pessoa/bases/base-a';
import type * as baseB from '@pessoa/bases/base-b';
import type * as baseC from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';

/** A row with any text in place of an enum: one of the people to try has a value that the SDL does not know. */
type StoredRow<Row> = {
  readonly [Field in keyof Row]: Row[Field] extends string
    ? string
    : Row[Field] extends string | null
      ? string | null
      : Row[Field];
} & { readonly cpf: Cpf };

export type PessoaRow = StoredRow<baseA.PessoaRow>;
export type EnderecoRow = StoredRow<baseA.EnderecoRow>;
export type DividaRow = StoredRow<baseA.DividaRow>;
export type TitularBaseBRow = StoredRow<baseB.TitularRow>;
export type BemRow = StoredRow<baseB.BemRow>;
export type FonteDeRendaRow = StoredRow<baseB.FonteDeRendaRow>;
export type TitularBaseCRow = StoredRow<baseC.TitularRow>;
export type ConsultaRow = StoredRow<baseC.ConsultaRow>;
export type MovimentacaoRow = StoredRow<baseC.MovimentacaoRow>;
export type CompraCartaoRow = StoredRow<baseC.CompraCartaoRow>;

/** The rows of one fictitious person, by base. */
export interface FictitiousPerson {
  readonly cpf: Cpf;
  readonly baseA: {
    readonly pessoa: readonly [PessoaRow];
    readonly endereco: readonly EnderecoRow[];
    readonly divida: readonly DividaRow[];
  };
  readonly baseB: {
    readonly titular: readonly [TitularBaseBRow];
    readonly endereco: readonly EnderecoRow[];
    readonly bem: readonly BemRow[];
    readonly fonteDeRenda: readonly FonteDeRendaRow[];
  };
  readonly baseC: {
    readonly titular: readonly [TitularBaseCRow];
    readonly consulta: readonly ConsultaRow[];
    readonly movimentacao: readonly MovimentacaoRow[];
    readonly compraCartao: readonly CompraCartaoRow[];
  };
}
