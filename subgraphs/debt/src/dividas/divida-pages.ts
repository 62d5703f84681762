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

/** The debts of one request's people: one statement for each distinct page and filter, whoever they are. */
export interface DividaPages {
  /** null where the base does not know the CPF. @throws PublicError for a page, filter or cursor that cannot be */
  page(cpf: Cpf, args: PessoaDividasArgs): Promise<DividaPage | null>;
  resumo(cpf: Cpf): Promise<Resumo | null>;
}

export function dividaPages(
  dividas: DividaRepository,
  { codec, visibility, inTime }: { codec: CursorCodec; visibility: Visibility; inTime: ReadDeadline },
): DividaPages {
  interface Wanted {
    readonly filter: DividaFilter;
    readonly after: Position | undefined;
    readonly limit: number;
  }
  const rowsOf = loaderPerArguments((wanted: Wanted, cpfs: readonly Cpf[]) =>
    inTime(() => dividas.pages(cpfs, { visibility, ...wanted })),
  );
  const resumoOf = loaderPerArguments((filter: DividaFilter, cpfs: readonly Cpf[]) =>
    inTime(() => dividas.resumos(cpfs, { visibility, filter })),
  );

  return {
    async page(cpf, { filtro, first, after }) {
      const filter = dividaFilter(filtro);
      const size = pageSize(first);
      const position = after == null ? undefined : codec.decode(cpf, filter, after);
      // One more than shown tells whether there is a next page.
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
