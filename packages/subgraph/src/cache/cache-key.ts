import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Service } from '@pessoa/domain/services';

/**
 * Everything that a cache may store about a person. An invalidation deletes all of it. Raise a version when the stored shape or
 * its meaning changes; otherwise new code reads old entries as new ones.
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
 * `base:version:{HMAC of the CPF}:part`, the only kind of key that a cache accepts. The braces are a hash tag: a Redis Cluster puts
 * all keys of a person into one slot.
 */
export type CacheKey = string & { readonly __brand: 'CacheKey' };

/** Key of a person's generation. Only `generationKeyOf` makes it. */
export type GenerationKey = string & { readonly __brand: 'GenerationKey' };

export const cacheKey = (cpfHash: CpfHash, { base, version, part }: CachedPart, cpf: Cpf): CacheKey =>
  `${base}:${version}:{${cpfHash(cpf)}}:${part}` as CacheKey;

/** All keys of a person. */
export const cacheKeysOf = (cpfHash: CpfHash, cpf: Cpf): CacheKey[] =>
  Object.values(cachedParts).map((part) => cacheKey(cpfHash, part, cpf));

export const generationKeyOf = (key: CacheKey): GenerationKey =>
  `geracao:${key.slice(key.indexOf('{'), key.indexOf('}') + 1)}` as GenerationKey;
