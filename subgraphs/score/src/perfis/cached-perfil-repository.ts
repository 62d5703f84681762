import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Clock } from '@pessoa/domain/data';
import type { Cache } from '@pessoa/subgraph/cache/cache';
import { cachedParts } from '@pessoa/subgraph/cache/cache-key';
import type { CacheMetrics } from '@pessoa/subgraph/cache/cache-metrics';
import { cachedLoads } from '@pessoa/subgraph/cache/cached-loads';
import { perfilCodec } from './perfil-codec.ts';
import type { PerfilRepository } from './perfil-repository.ts';

/**
 * Profiles with a cache before the base. The note is made anew from the profile at each answer, so that it is never of
 * yesterday's age nor of an older model. A person the base does not know is asked for each time: they appear at once, and
 * nobody fills the cache by trying CPFs.
 */
export function cachedPerfilRepository(
  base: PerfilRepository,
  options: {
    cache: Cache;
    metrics: CacheMetrics;
    clock: Clock;
    cpfHash: CpfHash;
    ttlMillis: number;
    mayBeBehind: boolean;
    /** 0: no profile is shown past its time. */
    staleMillis: number;
  },
): PerfilRepository {
  const { staleMillis, ...rest } = options;
  const load = cachedLoads({
    ...rest,
    part: cachedParts.perfil,
    codec: perfilCodec,
    load: base.perfis,
    stale: { maxAgeMillis: staleMillis, mark: (perfil) => ({ ...perfil, desatualizado: true }) },
  });
  return { perfis: async (cpfs) => [...(await load(cpfs))] };
}
