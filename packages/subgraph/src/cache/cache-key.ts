import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Service } from '@pessoa/domain/services';

/**
 * Everything that may be kept of a person, of every base: an invalidation deletes all of these. Raise a version when the
 * kept shape or its meaning changes, or old entries are read as new ones.
 */
export const cachedParts = {
  perfil: { base: 'score', version: 2, part: 'perfil' },
  ultimaCompra: { base: 'event', version: 3, part: 'ultima-compra' },
} as const satisfies Record<string, CachedPart>;

export interface CachedPart {
  readonly base: Service;
  readonly version: number;
  readonly part: string;
}

/**
 * `base:version:{HMAC of the CPF}:part`, the only kind of key a cache takes. The braces are a hash tag: in a Redis Cluster
 * all keys of a person are in one slot.
 */
export type CacheKey = string & { readonly __brand: 'CacheKey' };

/** Where a person's generation is kept; made only by `generationKeyOf`. */
export type GenerationKey = string & { readonly __brand: 'GenerationKey' };

export const cacheKey = (cpfHash: CpfHash, { base, version, part }: CachedPart, cpf: Cpf): CacheKey =>
  `${base}:${version}:{${cpfHash(cpf)}}:${part}` as CacheKey;

/** All keys of a person. */
export const cacheKeysOf = (cpfHash: CpfHash, cpf: Cpf): CacheKey[] =>
  Object.values(cachedParts).map((part) => cacheKey(cpfHash, part, cpf));

export const generationKeyOf = (key: CacheKey): GenerationKey =>
  `geracao:${key.slice(key.indexOf('{'), key.indexOf('}') + 1)}` as GenerationKey;
