import { postgresAccessReader } from '@pessoa/audit/access-reader';
import { openAuditReaders } from '@pessoa/audit/audit-pool';
import { openAuditorClient } from '@pessoa/audit/auditor-client';
import { baseC } from '@pessoa/bases/base-c';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type Clock, systemClock } from '@pessoa/domain/data';
import { cursorCodec } from '@pessoa/domain/paging';
import { keepConnections } from '@pessoa/postgres/kept-connections';
import type { Logger } from '@pessoa/service/logging/logger';
import { warnOfLostNames } from '@pessoa/service/logging/lost-statement-names';
import { showBreaker } from '@pessoa/service/metrics/breaker-metrics';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { observePool } from '@pessoa/service/metrics/pool-metrics';
import { createSourceBreaker } from '@pessoa/subgraph/base/source-breaker';
import { cacheMetrics } from '@pessoa/subgraph/cache/cache-metrics';
import { openCache } from '@pessoa/subgraph/cache/open-cache';
import { readSdl } from '@pessoa/subgraph/graphql/sdl';
import { openReplicatedBase } from '@pessoa/subgraph/replica/replicated-base';
import { type RunningSubgraph, serveSubgraph } from '@pessoa/subgraph/subgraph';
import { cachedCompraRepository } from './compras/cached-compra-repository.ts';
import { prismaCompraRepository } from './compras/prisma-compra-repository.ts';
import { type EventConfig, readMillisOf } from './config.ts';
import { auditorProvas } from './consultas/auditor-provas.ts';
import { auditConsultaRepository } from './consultas/audit-consulta-repository.ts';
import { mergedConsultas } from './consultas/merged-consultas.ts';
import { prismaConsultaRepository } from './consultas/prisma-consulta-repository.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { openIndexedSearch } from './movimentacoes/indexed-movimentacao-search.ts';
import { prismaMovimentacaoSearch } from './movimentacoes/prisma-movimentacao-search.ts';
import { eventReads } from './reads.ts';
import { resolvers } from './resolvers/index.ts';
import { prismaTitularRepository } from './titulares/prisma-titular-repository.ts';

const AUDIT_READER_CONNECTIONS = 4;

/** Starts the Event subgraph. It reads Base C, and our audit for the inquiries that Pessoa answered. */
export async function startEvent(
  config: EventConfig,
  logger: Logger,
  clock: Clock = systemClock,
): Promise<RunningSubgraph> {
  const metrics = createMetrics('event');
  const base = openReplicatedBase({
    ...config.base,
    name: 'base-c',
    fonte: 'evento',
    ...baseC,
    metrics,
    logger,
    createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  });
  const auditReaders = openAuditReaders(config.auditReader, AUDIT_READER_CONNECTIONS);
  observePool(metrics, 'audit-reader', auditReaders);
  const accesses = postgresAccessReader(auditReaders, warnOfLostNames(logger, 'auditoria'), clock);
  const auditBreaker = createSourceBreaker('evento');
  showBreaker(metrics, 'audit-reader', auditBreaker);
  const { url: auditorUrl, timeoutMillis: provaMillis } = config.auditor;
  const auditor = auditorUrl === undefined ? undefined : openAuditorClient(auditorUrl, config.internalKey, provaMillis);
  const auditorBreaker = createSourceBreaker('auditoria');
  if (auditor) showBreaker(metrics, 'auditor', auditorBreaker);
  const cache = openCache(config.cache, config.cpfHashKey, { logger, metrics });
  const cpfHash = cpfHasher(config.cpfHashKey);
  const compras = prismaCompraRepository(base, clock);
  const baseCSearch = prismaMovimentacaoSearch(base);
  const indexedSearch =
    config.search && (await openIndexedSearch({ ...config.search, baseC: baseCSearch, cpfHash, metrics, logger }));
  const parts = {
    clock,
    readMillis: readMillisOf(config),
    titulares: prismaTitularRepository(base),
    consultas: mergedConsultas([
      prismaConsultaRepository(base),
      auditConsultaRepository(accesses, auditBreaker, cpfHash),
    ]),
    provas: auditor && auditorProvas(auditor, auditorBreaker),
    provaMillis,
    movimentacoes: indexedSearch?.search ?? baseCSearch,
    compras: cache
      ? cachedCompraRepository(compras, {
          cache,
          metrics: cacheMetrics(metrics, cache, 'event'),
          clock,
          cpfHash,
          ttlMillis: config.ttlMillis,
          mayBeBehind: config.base.replica !== undefined,
        })
      : compras,
    consultaCodec: cursorCodec('consultas', config.cpfHashKey),
    movimentacaoCodec: cursorCodec('movimentacaoFinanceira', config.cpfHashKey),
  };
  return serveSubgraph({
    name: 'event',
    metrics,
    config,
    logger,
    clock,
    typeDefs: readSdl('event'),
    resolvers,
    rowTypes: new Set(['ConsultaCpf', 'Movimentacao', 'CompraCartao', 'Instituicao']),
    readsFor: (_viewer, caller) => eventReads(parts, caller),
    base,
    sources: [{ state: auditBreaker.state, warm: keepConnections(auditReaders).open }, auditorBreaker],
    closing: [accesses, auditor, indexedSearch, cache],
  });
}
