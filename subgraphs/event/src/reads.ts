import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import type { CursorCodec } from '@pessoa/domain/paging';
import { readDeadline } from '@pessoa/subgraph/base/read-deadline';
import DataLoader from 'dataloader';
import type { CompraRepository } from './compras/compra-repository.ts';
import type { Compra } from './compras/compra.ts';
import { type ConsultaPages, consultaPages } from './consultas/consulta-pages.ts';
import type { Consultas } from './consultas/merged-consultas.ts';
import { type MovimentacaoPages, movimentacaoPages } from './movimentacoes/movimentacao-pages.ts';
import type { MovimentacaoSearch } from './movimentacoes/movimentacao-search.ts';
import type { TitularRepository } from './titulares/titular-repository.ts';

/** What one request reads, gathered over all its people. */
export interface EventReads {
  readonly isKnown: DataLoader<Cpf, boolean>;
  readonly consultas: ConsultaPages;
  readonly movimentacoes: MovimentacaoPages;
  readonly ultimaCompra: DataLoader<Cpf, Compra | undefined>;
}

export interface EventParts {
  readonly clock: Clock;
  /** For all reads of a request together: whether the CPF is known must be read before the rest. */
  readonly millis: number;
  readonly titulares: TitularRepository;
  readonly consultas: Consultas;
  readonly movimentacoes: MovimentacaoSearch;
  readonly compras: CompraRepository;
  readonly consultaCodec: CursorCodec;
  readonly movimentacaoCodec: CursorCodec;
}

export function eventReads(parts: EventParts): EventReads {
  const inTime = readDeadline(parts.millis, 'evento');
  return {
    isKnown: new DataLoader((cpfs) => inTime(() => parts.titulares.areKnown(cpfs))),
    consultas: consultaPages(parts.consultas, { codec: parts.consultaCodec, clock: parts.clock, inTime }),
    movimentacoes: movimentacaoPages(parts.movimentacoes, {
      codec: parts.movimentacaoCodec,
      clock: parts.clock,
      inTime,
    }),
    ultimaCompra: new DataLoader((cpfs) => inTime(() => parts.compras.ultimas(cpfs))),
  };
}
