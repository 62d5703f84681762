import type { Cpf } from '@pessoa/domain/cpf';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaKey, ConsultaQuery, ConsultaRepository } from './consulta-repository.ts';
import { type Consulta, type ConsultaStore, FIRST_MILLIS, LAST_MILLIS } from './consulta.ts';

/** The place of an inquiry in the merged list. An id is unique within its store only. */
export interface MergedConsultaKey extends ConsultaKey {
  readonly store: ConsultaStore;
}

interface MergedConsultaQuery extends Omit<ConsultaQuery, 'after'> {
  readonly after: MergedConsultaKey | undefined;
}

/**
 * The inquiries of all stores as one list, newest first. Equal instants are sorted by the order of the stores, and
 * within a store as that store sorts them. So the order is total, and no store compares its ids with those of another.
 */
export interface MergedConsultas {
  /** One list per CPF, in the order of `cpfs`. One statement a store. */
  find(cpfs: readonly Cpf[], query: MergedConsultaQuery): Promise<(readonly Consulta[])[]>;
  /** One number per CPF, in the order of `cpfs`: the sum over the stores, each counted up to `limit`. */
  count(cpfs: readonly Cpf[], filter: ConsultaFilter, limit: number): Promise<number[]>;
}

function newestFirst(a: Consulta, b: Consulta): number {
  if (a.dataHoraMillis === b.dataHoraMillis) return 0;
  if (a.dataHoraMillis === null || b.dataHoraMillis === null) return a.dataHoraMillis === null ? -1 : 1;
  return a.dataHoraMillis < b.dataHoraMillis ? 1 : -1;
}

/** When one store fails, the whole list fails: a client would take a list without some inquiries for complete. */
export function mergedConsultas(repositories: readonly ConsultaRepository[]): MergedConsultas {
  const rankOf = (store: ConsultaStore): number => repositories.findIndex((repository) => repository.store === store);

  /** The query to the store at `rank` for the inquiries that come after `after` in the merged list. */
  function queryAfter(rank: number, { filter, after, limit }: MergedConsultaQuery): ConsultaQuery {
    if (!after) return { filter, after, limit };
    const rankAfter = rankOf(after.store);
    if (rank === rankAfter) return { filter, after, limit };
    // At the instant of `after`, the client has seen all inquiries of the stores before its store, and none of the
    // stores behind it. The filter's own end is never earlier: it applied when the client got the cursor.
    const end = (after.dataHoraMillis ?? Infinity) + (rank > rankAfter ? 1 : 0);
    if (end > LAST_MILLIS) return { filter, after: undefined, limit };
    const until = new Date(Math.max(end, FIRST_MILLIS)).toISOString();
    return { filter: { ...filter, until }, after: undefined, limit };
  }

  return {
    async find(cpfs, query) {
      const listsPerStore = await Promise.all(
        repositories.map((repository, rank) => repository.find(cpfs, queryAfter(rank, query))),
      );
      return cpfs.map((_, person) => {
        const consultas = listsPerStore.flatMap((lists) => lists[person]!);
        // A stable sort: equal instants stay in the order of the stores.
        return consultas.toSorted(newestFirst).slice(0, query.limit);
      });
    },
    async count(cpfs, filter, limit) {
      const countsPerStore = await Promise.all(repositories.map((repository) => repository.count(cpfs, filter, limit)));
      return cpfs.map((_, person) => countsPerStore.reduce((sum, counts) => sum + counts[person]!, 0));
    },
  };
}
