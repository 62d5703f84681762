import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { type CursorCodec, pageSize, type Position } from '@pessoa/domain/paging';
import type { ReadDeadline } from '@pessoa/subgraph/base/read-deadline';
import { type Page, pageOf } from '@pessoa/subgraph/graphql/connection';
import { loaderPerArguments } from '@pessoa/subgraph/graphql/loader-per-arguments';
import type { EventosConsultasArgs } from '../generated/resolvers.ts';
import { startOfTomorrow } from '../periodo.ts';
import { type Total, TOTAL_MAX, totalOf } from '../total.ts';
import { byThirdPartiesBefore, type ConsultaFilter, consultaFilter } from './consulta-filter.ts';
import { type Consulta, isInstant, type Origem } from './consulta.ts';
import type { Consultas, MergedKey } from './merged-consultas.ts';

export interface ConsultaPage extends Page<Consulta>, Total {}

/** Who read one request's people: one statement a source for each distinct page and filter, whoever they are. */
export interface ConsultaPages {
  /** @throws PublicError for a page, filter or cursor that cannot be */
  page(cpf: Cpf, args: EventosConsultasArgs): Promise<ConsultaPage>;
  /** The newest by somebody else than the person; one dated after today has not happened. */
  ultima(cpf: Cpf): Promise<Consulta | undefined>;
}

export function consultaPages(
  consultas: Consultas,
  { codec, clock, inTime }: { codec: CursorCodec; clock: Clock; inTime: ReadDeadline },
): ConsultaPages {
  interface Wanted {
    readonly filter: ConsultaFilter;
    readonly position: Position | undefined;
    readonly limit: number;
  }
  const rowsOf = loaderPerArguments(({ position, ...wanted }: Wanted, cpfs: readonly Cpf[]) =>
    inTime(() => consultas.find(cpfs, { ...wanted, after: position && mergedKeyOf(position) })),
  );
  const countOf = loaderPerArguments((filter: ConsultaFilter, cpfs: readonly Cpf[]) =>
    inTime(() => consultas.count(cpfs, filter, TOTAL_MAX + 1)),
  );

  const untilToday = byThirdPartiesBefore(startOfTomorrow(clock));

  return {
    async page(cpf, { filtro, first, after }) {
      const filter = consultaFilter(filtro);
      const size = pageSize(first);
      const position = after == null ? undefined : codec.decode(cpf, filter, after);
      // One more than shown tells whether there is a next page.
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

const positionOf = ({ origem, id, dataHoraMillis }: Consulta): Position => ({
  sort: sortOf(dataHoraMillis),
  id: `${origem} ${id}`,
});

function mergedKeyOf({ sort, id }: Position): MergedKey {
  const space = id.indexOf(' ');
  return { dataHoraMillis: millisOf(sort), origem: id.slice(0, space) as Origem, id: id.slice(space + 1) };
}

/** RFC 3339 of what is an instant; of what the base has instead `null`, `Infinity` or the millisecond itself. */
const sortOf = (millis: number | null): string =>
  millis !== null && isInstant(millis) ? new Date(millis).toISOString() : String(millis);

function millisOf(sort: string): number | null {
  if (sort === 'null') return null;
  return sort.endsWith('Z') ? Date.parse(sort) : Number(sort);
}
