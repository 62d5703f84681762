import type { AuditorCaller } from '@pessoa/audit/auditor-client';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import type { CursorCodec } from '@pessoa/domain/paging';
import { tracedBatch } from '@pessoa/service/tracing/tracing';
import { readDeadline } from '@pessoa/subgraph/base/read-deadline';
import DataLoader from 'dataloader';
import type { CompraRepository } from './compras/compra-repository.ts';
import type { Compra } from './compras/compra.ts';
import { type ConsultaPages, consultaPages } from './consultas/consulta-pages.ts';
import { type ConsultaProvas, consultaProvas, type ProvaSource } from './consultas/consulta-provas.ts';
import type { MergedConsultas } from './consultas/merged-consultas.ts';
import { type MovimentacaoPages, movimentacaoPages } from './movimentacoes/movimentacao-pages.ts';
import type { MovimentacaoSearch } from './movimentacoes/movimentacao-search.ts';
import type { TitularRepository } from './titulares/titular-repository.ts';

/** The loaders of one request. Each gathers the keys of all its people into one read. */
export interface EventReads {
  readonly isKnown: DataLoader<Cpf, boolean>;
  readonly consultas: ConsultaPages;
  readonly provas: ConsultaProvas;
  readonly movimentacoes: MovimentacaoPages;
  readonly ultimaCompra: DataLoader<Cpf, Compra | undefined>;
}

export interface EventParts {
  readonly clock: Clock;
  /** Time for all reads of a request together. They follow one another: Event first reads whether the CPF is known. */
  readonly readMillis: number;
  readonly titulares: TitularRepository;
  readonly consultas: MergedConsultas;
  /** Undefined without an auditor. */
  readonly provas: ProvaSource | undefined;
  /** Time for all proofs of a request together. It begins after the list that they are in. */
  readonly provaMillis: number;
  readonly movimentacoes: MovimentacaoSearch;
  readonly compras: CompraRepository;
  readonly consultaCodec: CursorCodec;
  readonly movimentacaoCodec: CursorCodec;
}

export function eventReads(parts: EventParts, caller: AuditorCaller): EventReads {
  const withinDeadline = readDeadline(parts.readMillis, 'evento');
  return {
    isKnown: new DataLoader(tracedBatch('titular', (cpfs) => withinDeadline(() => parts.titulares.areKnown(cpfs)))),
    consultas: consultaPages(parts.consultas, { codec: parts.consultaCodec, clock: parts.clock, withinDeadline }),
    provas: consultaProvas(parts.provas, caller, readDeadline(parts.provaMillis, 'auditoria')),
    movimentacoes: movimentacaoPages(parts.movimentacoes, {
      codec: parts.movimentacaoCodec,
      clock: parts.clock,
      withinDeadline,
    }),
    ultimaCompra: new DataLoader(
      tracedBatch('ultimaCompra', (cpfs) => withinDeadline(() => parts.compras.findUltimas(cpfs))),
    ),
  };
}
