import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import type { CursorCodec } from '@pessoa/domain/paging';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { tracedBatch } from '@pessoa/service/tracing/tracing';
import { readDeadline } from '@pessoa/subgraph/base/read-deadline';
import DataLoader from 'dataloader';
import { type DividaPages, dividaPages } from './dividas/divida-pages.ts';
import type { DividaRepository } from './dividas/divida-repository.ts';
import { visibilityFor } from './dividas/visibility.ts';
import type { Endereco } from './generated/resolvers.ts';
import type { Cadastro, PessoaRepository } from './pessoas/pessoa-repository.ts';

/** Loaders of one request over Base A, batched over all its people. */
export interface DebtReads {
  readonly clock: Clock;
  readonly cadastro: DataLoader<Cpf, Cadastro | undefined>;
  readonly endereco: DataLoader<Cpf, Endereco | undefined>;
  readonly dividas: DividaPages;
}

export interface DebtParts {
  readonly clock: Clock;
  /** Time limit for all reads of a request together: a page's total is read after the page. */
  readonly millis: number;
  readonly pessoas: PessoaRepository;
  readonly dividas: DividaRepository;
  readonly codec: CursorCodec;
}

export function debtReads({ clock, millis, pessoas, dividas, codec }: DebtParts, viewer: Viewer): DebtReads {
  const withinDeadline = readDeadline(millis, 'divida');
  return {
    clock,
    cadastro: new DataLoader(tracedBatch('cadastro', (cpfs) => withinDeadline(() => pessoas.cadastros(cpfs)))),
    endereco: new DataLoader(tracedBatch('endereco', (cpfs) => withinDeadline(() => pessoas.enderecos(cpfs)))),
    dividas: dividaPages(dividas, {
      codec,
      // A holder's token reads this person or is refused before it gets here (`guardedSchema`).
      visibility: visibilityFor(viewer.titular !== undefined, clock),
      withinDeadline,
    }),
  };
}
