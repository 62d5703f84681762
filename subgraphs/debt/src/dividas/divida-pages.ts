import type { Cpf } from '@pessoa/domain/cpf';
import type { CursorCodec, Position } from '@pessoa/domain/paging';
import { pageSize } from '@pessoa/domain/paging';
import type { ReadDeadline } from '@pessoa/subgraph/base/read-deadline';
import { type Page, pageOf } from '@pessoa/subgraph/graphql/connection';
import { loaderPerArguments } from '@pessoa/subgraph/graphql/loader-per-arguments';
import type { PessoaDividasArgs } from '../generated/resolvers.ts';
import { type DividaFilter, dividaFilter, noFilter } from './divida-filter.ts';
import { type DividaRepository, WITHOUT_VENCIMENTO } from './divida-repository.ts';
import type { Divida, Resumo } from './divida.ts';
import type { Visibility } from './visibility.ts';

export interface DividaPage extends Page<Divida> {
  readonly totalCount: () => Promise<number>;
  readonly desatualizado: boolean;
}

/** Debts for one request. Each distinct page and filter needs one statement for all people. */
export interface DividaPages {
  /** @returns null when the base does not know the CPF. @throws PublicError for an invalid page size, filter or cursor */
  page(cpf: Cpf, args: PessoaDividasArgs): Promise<DividaPage | null>;
  resumo(cpf: Cpf): Promise<Resumo | null>;
}

export function dividaPages(
  dividas: DividaRepository,
  { codec, visibility, withinDeadline }: { codec: CursorCodec; visibility: Visibility; withinDeadline: ReadDeadline },
): DividaPages {
  interface PageArguments {
    readonly filter: DividaFilter;
    readonly after: Position | undefined;
    readonly limit: number;
  }
  const rowsOf = loaderPerArguments('dividas', (args: PageArguments, cpfs: readonly Cpf[]) =>
    withinDeadline(() => dividas.pages(cpfs, { visibility, ...args })),
  );
  const resumoOf = loaderPerArguments('resumo', (filter: DividaFilter, cpfs: readonly Cpf[]) =>
    withinDeadline(() => dividas.resumos(cpfs, { visibility, filter })),
  );

  return {
    async page(cpf, { filtro, first, after }) {
      const filter = dividaFilter(filtro);
      const size = pageSize(first);
      const position = after == null ? undefined : codec.decode(cpf, filter, after);
      // One row more than the page shows whether there is a next page.
      const list = await rowsOf({ filter, after: position, limit: size + 1 }).load(cpf);
      if (!list) return null;
      const positionOf = ({ vencimento, id }: Divida): Position => ({ sort: vencimento ?? WITHOUT_VENCIMENTO, id });
      return {
        ...pageOf(list.dividas, { size, cpf, filter, after, codec, positionOf }),
        totalCount: async () => (await resumoOf(filter).load(cpf))?.quantidade ?? 0,
        desatualizado: list.desatualizado,
      };
    },
    resumo: async (cpf) => (await resumoOf(noFilter).load(cpf)) ?? null,
  };
}
