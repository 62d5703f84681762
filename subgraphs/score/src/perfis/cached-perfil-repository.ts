import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Clock } from '@pessoa/domain/data';
import type { Cache } from '@pessoa/subgraph/cache/cache';
import { cachedParts } from '@pessoa/subgraph/cache/cache-key';
import type { CacheMetrics } from '@pessoa/subgraph/cache/cache-metrics';
import { cachedLoads } from '@pessoa/subgraph/cache/cached-loads';
import { perfilCodec } from './perfil-codec.ts';
import type { PerfilRepository } from './perfil-repository.ts';

/**
 * Caches profiles. Scores are not cached: each answer computes its own from the profile, so a score never shows
 * yesterday's age or another model. That Base B does not know a person is not cached either: a new person appears at
 * once, and nobody can fill the cache by trying CPFs.
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
    /** How old a profile may be that is shown while Base B does not answer; 0 shows no expired profile. */
    staleMillis: number;
  },
): PerfilRepository {
  const { staleMillis, ...rest } = options;
  const load = cachedLoads({
    ...rest,
    part: cachedParts.perfil,
    codec: perfilCodec,
    load: base.findByCpfs,
    stale: { maxAgeMillis: staleMillis, mark: (perfil) => ({ ...perfil, desatualizado: true }) },
  });
  return { findByCpfs: async (cpfs) => [...(await load(cpfs))] };
}
