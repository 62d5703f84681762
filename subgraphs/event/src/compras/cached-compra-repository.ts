import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { Cache } from '@pessoa/subgraph/cache/cache';
import { cachedParts } from '@pessoa/subgraph/cache/cache-key';
import type { CacheMetrics } from '@pessoa/subgraph/cache/cache-metrics';
import { cachedLoads } from '@pessoa/subgraph/cache/cached-loads';
import { ultimaCompraCodec } from './compra-codec.ts';
import type { CompraRepository } from './compra-repository.ts';
import type { Compra } from './compra.ts';

/**
 * Caches last purchases for `ttlMillis`. That a person has no purchase is cached too. An expired copy is never shown:
 * Event asks Base C on each request whether it knows the person, so without Base C it has no purchase to show anyway.
 */
export function cachedCompraRepository(
  base: CompraRepository,
  options: {
    cache: Cache;
    metrics: CacheMetrics;
    clock: Clock;
    cpfHash: CpfHash;
    ttlMillis: number;
    mayBeBehind: boolean;
  },
): CompraRepository {
  const load = cachedLoads<Compra | null>({
    ...options,
    part: cachedParts.ultimaCompra,
    codec: ultimaCompraCodec,
    load: async (cpfs) => (await base.findUltimas(cpfs)).map((compra) => compra ?? null),
  });
  return {
    findUltimas: async (cpfs) =>
      (await load(cpfs)).map((compra) => {
        if (compra instanceof PublicError) throw compra; // `base` rejects for all people together and never gives an error for one
        return compra ?? undefined;
      }),
  };
}
