import { baseB } from '@pessoa/bases/base-b';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type Clock, systemClock } from '@pessoa/domain/data';
import type { Logger } from '@pessoa/service/logging/logger';
import { mountModelCards } from '@pessoa/service/http/model-cards';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { cacheMetrics } from '@pessoa/subgraph/cache/cache-metrics';
import { openCache } from '@pessoa/subgraph/cache/open-cache';
import { readSdl } from '@pessoa/subgraph/graphql/sdl';
import { openReplicatedBase } from '@pessoa/subgraph/replica/replicated-base';
import { type RunningSubgraph, serveSubgraph } from '@pessoa/subgraph/subgraph';
import type { ScoreConfig } from './config.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { modelos } from './modelo/modelos.ts';
import { cachedPerfilRepository } from './perfis/cached-perfil-repository.ts';
import { prismaPerfilRepository } from './perfis/prisma-perfil-repository.ts';
import { shadowModel } from './perfis/shadow-model.ts';
import { scoreReads } from './reads.ts';
import { resolvers } from './resolvers/index.ts';

/** Starts the Score subgraph, which reads Base B. */
export function startScore(config: ScoreConfig, logger: Logger, clock: Clock = systemClock): Promise<RunningSubgraph> {
  const metrics = createMetrics('score');
  const base = openReplicatedBase({
    ...config.base,
    name: 'base-b',
    fonte: 'score',
    ...baseB,
    metrics,
    logger,
    createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  });
  const cache = openCache(config.cache, config.cpfHashKey, { logger, metrics });
  const perfis = prismaPerfilRepository(base);
  const { model, shadowModel: shadow } = config;
  const parts = {
    clock,
    scoring: { modelo: modelos[model], ...(shadow && { onScore: shadowModel(modelos[shadow], metrics) }) },
    perfis: cache
      ? cachedPerfilRepository(perfis, {
          cache,
          metrics: cacheMetrics(metrics, cache, 'score'),
          clock,
          cpfHash: cpfHasher(config.cpfHashKey),
          ttlMillis: config.ttlMillis,
          mayBeBehind: config.base.replica !== undefined,
          staleMillis: config.staleMillis,
        })
      : perfis,
  };
  return serveSubgraph({
    name: 'score',
    metrics,
    config,
    logger,
    clock,
    typeDefs: readSdl('score'),
    resolvers,
    rowTypes: new Set(['PerfilFinanceiro', 'Endereco', 'Bem', 'FonteDeRenda']),
    readsFor: () => scoreReads(parts),
    base,
    closing: [cache],
    mountPublic: mountModelCards,
  });
}
