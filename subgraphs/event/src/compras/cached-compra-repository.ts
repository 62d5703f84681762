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
 * Last purchases with a cache before the base, that there is none included. Nothing is shown past its time: whether Base C
 * knows the person is asked of it each time, so when it does not answer there is nobody to show a purchase of.
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
    load: async (cpfs) => (await base.ultimas(cpfs)).map((compra) => compra ?? null),
  });
  return {
    ultimas: async (cpfs) =>
      (await load(cpfs)).map((compra) => {
        if (compra instanceof PublicError) throw compra; // the repository below gives none of one person
        return compra ?? undefined;
      }),
  };
}
