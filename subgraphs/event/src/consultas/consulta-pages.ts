import type { Cpf } from '@pessoa/domain/cpf';
import { type CursorCodec, pageSize, type Position } from '@pessoa/domain/pagina';
import type { ReadDeadline } from '@pessoa/platform/base/read-deadline';
import { type Page, pageOf } from '@pessoa/platform/graphql/connection';
import { loaderPerArguments } from '@pessoa/platform/graphql/loader-per-arguments';
import type { EventosConsultasArgs } from '../generated/resolvers.ts';
import { type Total, TOTAL_MAX, totalOf } from '../total.ts';
import type { Consulta, Origem } from './consulta.ts';
import { byThirdParties, type ConsultaFilter, consultaFilter } from './consulta-filter.ts';
import type { Consultas, MergedKey } from './merged-consultas.ts';

export interface ConsultaPage extends Page<Consulta>, Total {}

/** Who read one request's people: one statement a source for each distinct page and filter, whoever they are. */
export interface ConsultaPages {
  /** @throws PublicError for a page, filter or cursor that cannot be */
  page(cpf: Cpf, args: EventosConsultasArgs): Promise<ConsultaPage>;
  /** The newest by somebody else than the person. */
  ultima(cpf: Cpf): Promise<Consulta | undefined>;
}

export function consultaPages(consultas: Consultas, codec: CursorCodec, inTime: ReadDeadline): ConsultaPages {
  interface Wanted {
    readonly filter: ConsultaFilter;
    readonly position: Position | undefined;
    readonly limit: number;
  }
  const rowsOf = loaderPerArguments(({ position, ...wanted }: Wanted, cpfs: readonly Cpf[]) =>
    inTime(() => consultas.find(cpfs, { ...wanted, after: position && keyOf(position) })),
  );
  const countOf = loaderPerArguments((filter: ConsultaFilter, cpfs: readonly Cpf[]) =>
    inTime(() => consultas.count(cpfs, filter, TOTAL_MAX + 1)),
  );

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
      const [newest] = await rowsOf({ filter: byThirdParties, position: undefined, limit: 1 }).load(cpf);
      return newest;
    },
  };
}

const positionOf = ({ origem, id, dataHora }: Consulta): Position => ({
  sort: dataHora.toISOString(),
  id: `${origem} ${id}`,
});

function keyOf({ sort, id }: Position): MergedKey {
  const space = id.indexOf(' ');
  return { dataHora: new Date(sort), origem: id.slice(0, space) as Origem, id: id.slice(space + 1) };
}
