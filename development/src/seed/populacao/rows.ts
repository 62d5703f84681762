import type * as baseA from '@pessoa/bases/base-a';
import type * as baseB from '@pessoa/bases/base-b';
import type * as baseC from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';

/** A row as its table may hold it: a base can be wrong, and some of the people to try are there to show that. */
type Stored<Row> = {
  readonly [Field in keyof Row]: Row[Field] extends string
    ? string
    : Row[Field] extends string | null
      ? string | null
      : Row[Field];
} & { readonly cpf: Cpf };

export type PessoaRow = Stored<baseA.PessoaRow>;
export type EnderecoRow = Stored<baseA.EnderecoRow>;
export type DividaRow = Stored<baseA.DividaRow>;
export type TitularBaseBRow = Stored<baseB.TitularRow>;
export type BemRow = Stored<baseB.BemRow>;
export type FonteDeRendaRow = Stored<baseB.FonteDeRendaRow>;
export type TitularBaseCRow = Stored<baseC.TitularRow>;
export type ConsultaRow = Stored<baseC.ConsultaRow>;
export type MovimentacaoRow = Stored<baseC.MovimentacaoRow>;
export type CompraCartaoRow = Stored<baseC.CompraCartaoRow>;

/** One fictitious person, as each base knows them. */
export interface PessoaFicticia {
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
