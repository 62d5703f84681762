import type { DividaRow } from '@pessoa/bases/base-a';
import type { Data } from '@pessoa/domain/data';

/** A debt as Base A has it; money as decimal text. */
export interface Divida extends Omit<DividaRow, 'cpf' | 'credorId' | 'vencimento'> {
  readonly credor: { readonly nome: string; readonly cnpj: string | null };
  /** null only where the base breaks its contract. */
  readonly vencimento: Data | null;
}

/** The debts of one page. */
export interface ListaDividas {
  readonly dividas: readonly Divida[];
  /** True when they come from a copy that may lack what Base A has had for a while. */
  readonly desatualizado: boolean;
}

/** Totals of a person's debts. */
export interface Resumo {
  readonly quantidade: number;
  readonly valorTotal: string;
  readonly primeiraOcorrencia: Data | null;
  readonly ultimaOcorrencia: Data | null;
  /** As of `ListaDividas`. */
  readonly desatualizado: boolean;
}
