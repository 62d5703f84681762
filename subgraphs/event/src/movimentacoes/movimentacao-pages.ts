import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { type CursorCodec, pageSize, type Position } from '@pessoa/domain/paging';
import type { ReadDeadline } from '@pessoa/subgraph/base/read-deadline';
import { type Page, pageOf } from '@pessoa/subgraph/graphql/connection';
import { loaderPerArguments } from '@pessoa/subgraph/graphql/loader-per-arguments';
import type { EventosMovimentacaoFinanceiraArgs } from '../generated/resolvers.ts';
import { type Total, TOTAL_MAX, totalOf } from '../total.ts';
import { askedMovimentacaoFilter, type MovimentacaoFilter, movimentacaoFilter } from './movimentacao-filter.ts';
import type { MovimentacaoQuery, MovimentacaoSearch } from './movimentacao-search.ts';
import type { Movimentacao } from './movimentacao.ts';

export interface MovimentacaoPage extends Page<Movimentacao>, Total {}

/** The postings of one request's people: one statement for each distinct page and filter, whoever they are. */
export interface MovimentacaoPages {
  /** @throws PublicError for a page, filter or cursor that cannot be */
  page(cpf: Cpf, args: EventosMovimentacaoFinanceiraArgs): Promise<MovimentacaoPage>;
}

export function movimentacaoPages(
  search: MovimentacaoSearch,
  { codec, clock, inTime }: { codec: CursorCodec; clock: Clock; inTime: ReadDeadline },
): MovimentacaoPages {
  const rowsOf = loaderPerArguments((query: MovimentacaoQuery, cpfs: readonly Cpf[]) =>
    inTime(() => search.find(cpfs, query)),
  );
  const countOf = loaderPerArguments((filter: MovimentacaoFilter, cpfs: readonly Cpf[]) =>
    inTime(() => search.count(cpfs, filter, TOTAL_MAX + 1)),
  );

  return {
    async page(cpf, { filtro, first, after }) {
      const asked = askedMovimentacaoFilter(filtro);
      const filter = movimentacaoFilter(asked, clock);
      const size = pageSize(first);
      const position = after == null ? undefined : codec.decode(cpf, asked, after);
      // One more than shown tells whether there is a next page.
      const rows = await rowsOf({ filter, after: position, limit: size + 1 }).load(cpf);
      return {
        ...pageOf(rows, { size, cpf, filter: asked, after, codec, positionOf }),
        ...totalOf(() => countOf(filter).load(cpf)),
      };
    },
  };
}

const positionOf = ({ dataHora, id }: Movimentacao): Position => ({ sort: dataHora.toISOString(), id });
