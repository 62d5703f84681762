import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { type CursorCodec, pageSize, type Position } from '@pessoa/domain/paging';
import type { ReadDeadline } from '@pessoa/subgraph/base/read-deadline';
import { type Page, pageOf } from '@pessoa/subgraph/graphql/connection';
import { loaderPerArguments } from '@pessoa/subgraph/graphql/loader-per-arguments';
import type { EventosConsultasArgs } from '../generated/resolvers.ts';
import { startOfTomorrow } from '../period.ts';
import { type Total, TOTAL_MAX, totalOf } from '../total.ts';
import { type ConsultaFilter, readConsultaFilter, thirdPartyFilterBefore } from './consulta-filter.ts';
import { type Consulta, type ConsultaStore, isInstant } from './consulta.ts';
import type { MergedConsultaKey, MergedConsultas } from './merged-consultas.ts';

export interface ConsultaPage extends Page<Consulta>, Total {}

/** The inquiries about the people of one request. Each distinct page and filter costs one statement a store. */
export interface ConsultaPages {
  /** @throws PublicError BAD_USER_INPUT or LIMITE_EXCEDIDO for an invalid page size, filter or cursor */
  page(cpf: Cpf, args: EventosConsultasArgs): Promise<ConsultaPage>;
  /** The newest inquiry by a third party. Inquiries dated after today have not happened and are skipped. */
  ultima(cpf: Cpf): Promise<Consulta | undefined>;
}

export function consultaPages(
  consultas: MergedConsultas,
  { codec, clock, withinDeadline }: { codec: CursorCodec; clock: Clock; withinDeadline: ReadDeadline },
): ConsultaPages {
  // The loader compares its arguments as JSON, which has no Infinity: a position holds the instant as text.
  interface PageArguments {
    readonly filter: ConsultaFilter;
    readonly position: Position | undefined;
    readonly limit: number;
  }
  const rowsOf = loaderPerArguments('consultas', ({ position, ...query }: PageArguments, cpfs: readonly Cpf[]) =>
    withinDeadline(() => consultas.find(cpfs, { ...query, after: position && mergedKeyOf(position) })),
  );
  const countOf = loaderPerArguments('totalDeConsultas', (filter: ConsultaFilter, cpfs: readonly Cpf[]) =>
    withinDeadline(() => consultas.count(cpfs, filter, TOTAL_MAX + 1)),
  );

  const untilToday = thirdPartyFilterBefore(startOfTomorrow(clock));

  return {
    async page(cpf, { filtro, first, after }) {
      const filter = readConsultaFilter(filtro);
      const size = pageSize(first);
      const position = after == null ? undefined : codec.decode(cpf, filter, after);
      // The row after the page tells whether there is a next page.
      const rows = await rowsOf({ filter, position, limit: size + 1 }).load(cpf);
      return {
        ...pageOf(rows, { size, cpf, filter, after, codec, positionOf }),
        ...totalOf(() => countOf(filter).load(cpf)),
      };
    },
    async ultima(cpf) {
      const [newest] = await rowsOf({ filter: untilToday, position: undefined, limit: 1 }).load(cpf);
      return newest;
    },
  };
}

const positionOf = ({ store, id, dataHoraMillis }: Consulta): Position => ({
  sort: sortOf(dataHoraMillis),
  id: `${store} ${id}`,
});

function mergedKeyOf({ sort, id }: Position): MergedConsultaKey {
  const space = id.indexOf(' ');
  return { dataHoraMillis: millisOf(sort), store: id.slice(0, space) as ConsultaStore, id: id.slice(space + 1) };
}

/**
 * RFC 3339 for an instant that it can write. Otherwise `null`, `Infinity`, `-Infinity` or the number of milliseconds.
 */
const sortOf = (millis: number | null): string =>
  millis !== null && isInstant(millis) ? new Date(millis).toISOString() : String(millis);

function millisOf(sort: string): number | null {
  if (sort === 'null') return null;
  return sort.endsWith('Z') ? Date.parse(sort) : Number(sort);
}
