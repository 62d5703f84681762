import { cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { cachedParts, cacheKey, cacheKeysOf, generationKeyOf } from '../../src/cache/cache-key.ts';

const hash = cpfHasher(Buffer.alloc(32, 1));
const cpf = cpfFromBase('529982247');

describe('The key of a cache entry', () => {
  it('consists of base, version, keyed hash and part, without the CPF', () => {
    expect(cacheKey(hash, cachedParts.perfil, cpf)).toMatch(/^score:2:\{[0-9a-f]{32}\}:perfil$/);
    for (const key of cacheKeysOf(hash, cpf)) {
      expect(key).not.toContain(cpf);
      expect(key).not.toBe(cacheKeysOf(cpfHasher(Buffer.alloc(32, 2)), cpf)[0]);
    }
  });

  it('is in the same slot of a cluster as the other keys and the generation of the person', () => {
    const keys = cacheKeysOf(hash, cpf);
    const tags = [...keys, ...keys.map(generationKeyOf)].map((key) => /\{(.+?)\}/.exec(key)?.[1]);
    expect(new Set(tags)).toEqual(new Set([hash(cpf)]));
    expect(new Set(keys).size).toBe(Object.keys(cachedParts).length);
    expect(new Set(keys.map(generationKeyOf)).size).toBe(1);
  });
});
