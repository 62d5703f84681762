import type { Cpf } from '@pessoa/domain/cpf';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaKey, ConsultaQuery, ConsultaSource } from './consulta-source.ts';
import { type Consulta, FIRST_MILLIS, LAST_MILLIS, type Origem } from './consulta.ts';

/** A record of the merged list; ids alone are of one source. */
export interface MergedKey extends ConsultaKey {
  readonly origem: Origem;
}

/**
 * The reads of all sources as one list: newest first; among equal instants by the order of the sources, and within a
 * source as it has them. So the order is total though no store compares its ids with another's.
 */
export interface Consultas {
  /** One list per CPF, in the order asked. One statement a source. */
  find(
    cpfs: readonly Cpf[],
    query: { readonly filter: ConsultaFilter; readonly after: MergedKey | undefined; readonly limit: number },
  ): Promise<(readonly Consulta[])[]>;
  /** One number per CPF, in the order asked; each source is counted up to `upTo`. */
  count(cpfs: readonly Cpf[], filter: ConsultaFilter, upTo: number): Promise<number[]>;
}

function newestFirst(a: Consulta, b: Consulta): number {
  if (a.dataHoraMillis === b.dataHoraMillis) return 0;
  if (a.dataHoraMillis === null || b.dataHoraMillis === null) return a.dataHoraMillis === null ? -1 : 1;
  return a.dataHoraMillis < b.dataHoraMillis ? 1 : -1;
}

/** A source that fails fails the list: a list without some reads would be taken for the whole. */
export function mergedConsultas(sources: readonly ConsultaSource[]): Consultas {
  const rankOf = (origem: Origem): number => sources.findIndex((source) => source.origem === origem);

  /** What each source has after a record of one of them. */
  function queryAfter(rank: number, { filter, after, limit }: Parameters<Consultas['find']>[1]): ConsultaQuery {
    if (!after) return { filter, after, limit };
    const rankAfter = rankOf(after.origem);
    if (rank === rankAfter) return { filter, after, limit };
    // Sources before it have shown their records of that instant, those behind it have all of them to come. The filter's
    // own end is never earlier: the position was found with it.
    const end = (after.dataHoraMillis ?? Infinity) + (rank > rankAfter ? 1 : 0);
    if (end > LAST_MILLIS) return { filter, after: undefined, limit };
    const until = new Date(Math.max(end, FIRST_MILLIS)).toISOString();
    return { filter: { ...filter, until }, after: undefined, limit };
  }

  return {
    async find(cpfs, query) {
      const lists = await Promise.all(sources.map((source, rank) => source.find(cpfs, queryAfter(rank, query))));
      return cpfs.map((_, person) => {
        const all = lists.flatMap((list) => list[person]!);
        // A stable sort: equal instants stay in the order of the sources.
        return all.toSorted(newestFirst).slice(0, query.limit);
      });
    },
    async count(cpfs, filter, upTo) {
      const counts = await Promise.all(sources.map((source) => source.count(cpfs, filter, upTo)));
      return cpfs.map((_, person) => counts.reduce((sum, count) => sum + count[person]!, 0));
    },
  };
}
