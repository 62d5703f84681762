import type { DividaRow } from '@pessoa/bases/base-a';
import type { Data } from '@pessoa/domain/data';

/** A debt of Base A; amounts are decimal text. */
export interface Divida extends Omit<DividaRow, 'cpf' | 'credorId' | 'vencimento'> {
  readonly credor: { readonly nome: string; readonly cnpj: string | null };
  /** null only when the base breaks its contract. */
  readonly vencimento: Data | null;
}

/** The debts of one page. */
export interface ListaDividas {
  readonly dividas: readonly Divida[];
  /** True when the debts come from a replica that is more than 10 s behind Base A. */
  readonly desatualizado: boolean;
}

/** Totals of a person's debts. */
export interface Resumo {
  readonly quantidade: number;
  readonly valorTotal: string;
  readonly primeiraOcorrencia: Data | null;
  readonly ultimaOcorrencia: Data | null;
  /** As in `ListaDividas`. */
  readonly desatualizado: boolean;
}
