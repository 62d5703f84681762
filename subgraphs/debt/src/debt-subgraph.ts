import { baseA } from '@pessoa/bases/base-a';
import { type Clock, systemClock } from '@pessoa/domain/data';
import { cursorCodec } from '@pessoa/domain/paging';
import type { Logger } from '@pessoa/service/logging/logger';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { readSdl } from '@pessoa/subgraph/graphql/sdl';
import { openReplicatedBase } from '@pessoa/subgraph/replica/replicated-base';
import { type RunningSubgraph, serveSubgraph } from '@pessoa/subgraph/subgraph';
import type { DebtConfig } from './config.ts';
import { prismaDividaRepository } from './dividas/prisma-divida-repository.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { prismaPessoaRepository } from './pessoas/prisma-pessoa-repository.ts';
import { debtReads } from './reads.ts';
import { resolvers } from './resolvers/index.ts';

/** Starts the Debt subgraph over Base A. */
export function startDebt(config: DebtConfig, logger: Logger, clock: Clock = systemClock): Promise<RunningSubgraph> {
  const metrics = createMetrics('debt');
  const base = openReplicatedBase({
    ...config.base,
    name: 'base-a',
    fonte: 'divida',
    ...baseA,
    metrics,
    logger,
    createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  });
  const { acquireMillis, statementMillis } = config.base.budget;
  const parts = {
    clock,
    millis: acquireMillis + statementMillis,
    pessoas: prismaPessoaRepository(base),
    dividas: prismaDividaRepository(base),
    codec: cursorCodec('dividas', config.cpfHashKey),
  };
  return serveSubgraph({
    name: 'debt',
    metrics,
    config,
    logger,
    clock,
    typeDefs: readSdl('debt'),
    resolvers,
    rowTypes: new Set(['Pessoa', 'Endereco', 'Divida', 'Credor', 'ResumoDividas']),
    readsFor: (viewer) => debtReads(parts, viewer),
    base,
  });
}
