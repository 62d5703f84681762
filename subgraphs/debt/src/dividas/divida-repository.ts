import type { Cpf } from '@pessoa/domain/cpf';
import type { Position } from '@pessoa/domain/paging';
import type { DividaFilter } from './divida-filter.ts';
import type { ListaDividas, Resumo } from './divida.ts';
import type { Visibility } from './visibility.ts';

/** In place of a day that the base should have and does not: a page goes on after such a debt too. */
export const WITHOUT_VENCIMENTO = 'sem vencimento';

export interface DividaPageQuery {
  readonly visibility: Visibility;
  readonly filter: DividaFilter;
  /** Only what comes after this debt: its `vencimento` (or `WITHOUT_VENCIMENTO`) and id. */
  readonly after: Position | undefined;
  /** Debts a person, at most. */
  readonly limit: number;
}

/**
 * Debts of Base A, newest `vencimento` first, then by id. One statement a call, whatever the number of people, reading
 * at most `limit` debts of each.
 */
export interface DividaRepository {
  /** One list per CPF, in the order asked; undefined where the base does not know the CPF. */
  pages(cpfs: readonly Cpf[], query: DividaPageQuery): Promise<(ListaDividas | undefined)[]>;
  /** One summary per CPF, in the order asked; undefined where the base does not know the CPF. */
  resumos(cpfs: readonly Cpf[], query: Pick<DividaPageQuery, 'visibility' | 'filter'>): Promise<(Resumo | undefined)[]>;
}
