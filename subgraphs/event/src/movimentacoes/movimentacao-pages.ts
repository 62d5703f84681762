import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { type CursorCodec, pageSize, type Position } from '@pessoa/domain/paging';
import type { ReadDeadline } from '@pessoa/subgraph/base/read-deadline';
import { type Page, pageOf } from '@pessoa/subgraph/graphql/connection';
import { loaderPerArguments } from '@pessoa/subgraph/graphql/loader-per-arguments';
import type DataLoader from 'dataloader';
import type { EventosMovimentacaoFinanceiraArgs } from '../generated/resolvers.ts';
import { type Total, TOTAL_MAX, totalOf } from '../total.ts';
import { completeMovimentacaoFilter, type MovimentacaoFilter, readMovimentacaoFilter } from './movimentacao-filter.ts';
import { BRIEF_FIELDS, type MovimentacaoQuery, type MovimentacaoSearch } from './movimentacao-search.ts';
import type { Movimentacao } from './movimentacao.ts';

export interface MovimentacaoPage extends Page<Movimentacao>, Total {}

/** The postings of the people of one request. Each distinct page and filter costs one statement. */
export interface MovimentacaoPages {
  /**
   * @param fields the fields of a posting that are wanted
   * @throws PublicError BAD_USER_INPUT or LIMITE_EXCEDIDO for an invalid page size, filter or cursor
   */
  page(cpf: Cpf, args: EventosMovimentacaoFinanceiraArgs, fields: ReadonlySet<string>): Promise<MovimentacaoPage>;
}

export function movimentacaoPages(
  search: MovimentacaoSearch,
  { codec, clock, withinDeadline }: { codec: CursorCodec; clock: Clock; withinDeadline: ReadDeadline },
): MovimentacaoPages {
  type Rows = readonly Movimentacao[];
  const find = (query: MovimentacaoQuery, cpfs: readonly Cpf[]): Promise<Rows[]> =>
    withinDeadline(() => search.find(cpfs, query));
  const wholeRowsOf = loaderPerArguments('movimentacoes', find);
  const wantedWhole = new Set<DataLoader<Cpf, Rows>>();
  /** Where another alias wants whole rows of the same page, those serve both. */
  const briefRowsOf = loaderPerArguments<MovimentacaoQuery, Cpf, Rows>('movimentacoesBreves', (query, cpfs) => {
    const whole = wholeRowsOf(query);
    return wantedWhole.has(whole) ? (whole.loadMany(cpfs) as Promise<Rows[]>) : find({ ...query, isBrief: true }, cpfs);
  });
  function rowsOf(query: MovimentacaoQuery, fields: ReadonlySet<string>): DataLoader<Cpf, Rows> {
    if (fields.isSubsetOf(BRIEF)) return briefRowsOf(query);
    const whole = wholeRowsOf(query);
    wantedWhole.add(whole);
    return whole;
  }
  const countOf = loaderPerArguments('totalDeMovimentacoes', (filter: MovimentacaoFilter, cpfs: readonly Cpf[]) =>
    withinDeadline(() => search.count(cpfs, filter, TOTAL_MAX + 1)),
  );

  return {
    async page(cpf, { filtro, first, after }, fields) {
      const requestedFilter = readMovimentacaoFilter(filtro);
      const filter = completeMovimentacaoFilter(requestedFilter, clock);
      const size = pageSize(first);
      const position = after == null ? undefined : codec.decode(cpf, requestedFilter, after);
      // The row after the page tells whether there is a next page.
      const rows = await rowsOf({ filter, after: position, limit: size + 1 }, fields).load(cpf);
      return {
        ...pageOf(rows, { size, cpf, filter: requestedFilter, after, codec, positionOf }),
        ...totalOf(() => countOf(filter).load(cpf)),
      };
    },
  };
}

const BRIEF: ReadonlySet<string> = new Set([...BRIEF_FIELDS, '__typename']);

const positionOf = ({ dataHora, id }: Movimentacao): Position => ({ sort: dataHora.toISOString(), id });
