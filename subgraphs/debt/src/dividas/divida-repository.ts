import type { Cpf } from '@pessoa/domain/cpf';
import type { Position } from '@pessoa/domain/paging';
import type { DividaFilter } from './divida-filter.ts';
import type { ListaDividas, Resumo } from './divida.ts';
import type { Visibility } from './visibility.ts';

/** Position of a debt whose `vencimento` the base lacks, so that a page can continue after it. */
export const WITHOUT_VENCIMENTO = 'sem vencimento';

export interface DividaPageQuery {
  readonly visibility: Visibility;
  readonly filter: DividaFilter;
  /** Position of the last debt of the previous page: its `vencimento` (or `WITHOUT_VENCIMENTO`) and id. */
  readonly after: Position | undefined;
  /** Largest number of debts per person. */
  readonly limit: number;
}

/**
 * Debts of Base A, ordered by newest `vencimento`, then by id, both descending. Each call runs one statement for all people and
 * returns at most `limit` debts of each.
 */
export interface DividaRepository {
  /** One list per CPF, in the same order; undefined when the base does not know the CPF. */
  pages(cpfs: readonly Cpf[], query: DividaPageQuery): Promise<(ListaDividas | undefined)[]>;
  /** One summary per CPF, in the same order; undefined when the base does not know the CPF. */
  resumos(cpfs: readonly Cpf[], query: Pick<DividaPageQuery, 'visibility' | 'filter'>): Promise<(Resumo | undefined)[]>;
}
