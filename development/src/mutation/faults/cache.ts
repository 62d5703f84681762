import type { Fault } from '../fault.ts';

const LOADS = 'packages/subgraph/src/cache/cached-loads.ts';
const COPY = 'packages/subgraph/src/cache/cached-copy.ts';
const suites = [
  'packages/subgraph/test/cache',
  'subgraphs/score/test/score-cache',
  'subgraphs/event/test/compras/cached-compra-repository',
];

export const cache: readonly Fault[] = [
  {
    description: 'an expired copy counts as fresh',
    file: LOADS,
    from: "result: copy && age < ttlMillis ? 'hit' : 'miss'",
    to: "result: copy ? 'hit' : 'miss'",
    suites,
  },
  {
    description: 'a copy from far in the future is fresh',
    file: LOADS,
    from: '(value && (!copy || age < -CLOCK_TOLERANCE_MILLIS))',
    to: '(value && !copy)',
    suites,
  },
  {
    description: 'an error is cached',
    file: LOADS,
    from: 'if (value === undefined || value instanceof PublicError || generation === undefined) return [];',
    to: 'if (value === undefined || generation === undefined) return [];',
    suites,
    survivesBecause: 'the codec of every cached part refuses to encode a value outside its schema',
  },
  {
    description: 'the result of a failed lookup is cached',
    file: LOADS,
    from: ' || generation === undefined) return [];',
    to: ') return [];',
    suites,
  },
  {
    description: 'the answer of a replica right after an invalidation is cached',
    file: LOADS,
    from: "      if (mayBeBehind && generation !== '') return [];\n",
    to: '',
    suites,
  },
  {
    description: 'the age of a copy counts from the request, not from the read of the base',
    file: LOADS,
    from: '    const readAt = clock.now().getTime();\n    const entries',
    to: '    const readAt = 0;\n    const entries',
    suites,
  },
  {
    description: 'a load that began before an invalidation answers later callers',
    file: LOADS,
    from: '`${key} ${generation}`',
    to: '`${key}`',
    suites,
  },
  {
    description: 'concurrent callers do not share a load',
    file: LOADS,
    from: 'lookups.filter((lookup) => !loadsInProgress.has(loadIdOf(lookup)))',
    to: 'lookups.filter(() => true)',
    suites,
  },
  {
    description: 'later callers share a load that has ended',
    file: LOADS,
    from: 'batch.forEach((lookup) => loadsInProgress.delete(loadIdOf(lookup)));',
    to: '{};',
    suites,
  },
  {
    description: 'a stale copy replaces an invalid answer of a base',
    file: LOADS,
    from: "const isOutage = error.code === 'FONTE_INDISPONIVEL' || error.code === 'FONTE_LENTA';",
    to: 'const isOutage = true;',
    suites,
  },
  {
    description: 'a stale copy is shown without its mark',
    file: LOADS,
    from: 'stale.mark(copy.value)',
    to: 'copy.value',
    suites,
  },
  {
    description: 'a stale copy of any age is shown',
    file: LOADS,
    from: 'clock.now().getTime() - copy.readAt < stale.maxAgeMillis ?',
    to: 'copy.readAt >= 0 ?',
    suites,
  },
  {
    description: 'entries expire too early to serve as stale copies',
    file: LOADS,
    from: 'Math.max(ttlMillis, stale?.maxAgeMillis ?? 0)',
    to: 'ttlMillis',
    suites,
  },
  {
    description: 'a copy of another person is accepted',
    file: COPY,
    from: 'if (!parsed.success || parsed.data.cpf !== cpf) return undefined;',
    to: 'if (!parsed.success) return undefined;',
    suites,
  },
  {
    description: 'a copy of another version is accepted',
    file: COPY,
    from: 'versao: z.literal(version)',
    to: 'versao: z.number()',
    suites,
  },
  {
    description: 'a copy that is no JSON causes an error',
    file: COPY,
    from: '  } catch {\n    return undefined;\n  }',
    to: '  } catch (error) {\n    throw error;\n  }',
    suites,
  },
  {
    description: 'all bases share the same keys',
    file: 'packages/subgraph/src/cache/cache-key.ts',
    from: '`${base}:${version}:{${cpfHash(cpf)}}:${part}` as CacheKey',
    to: '`${base}:${version}:{}:${part}` as CacheKey',
    suites,
  },
];

export const invalidation: readonly Fault[] = [
  {
    description: 'the memory stores a value that was loaded before an invalidation',
    file: 'packages/subgraph/src/cache/memory-cache.ts',
    from: 'if (generation === generationOf(key)) valueByKey.set',
    to: 'valueByKey.set',
    suites,
  },
  {
    description: 'an invalidation does not change the generation',
    file: 'packages/subgraph/src/cache/memory-cache.ts',
    from: '      for (const key of keys) generations.set(generationKeyOf(key), randomUUID());\n',
    to: '',
    suites,
  },
  {
    description: 'an invalidation deletes nothing',
    file: 'packages/subgraph/src/cache/memory-cache.ts',
    from: 'keys.filter((key) => valueByKey.delete(key)).length',
    to: 'keys.filter((key) => valueByKey.has(key)).length',
    suites,
  },
  {
    description: 'an invalidation deletes only the first part of a person',
    file: 'packages/subgraph/src/cache/cache-key.ts',
    from: 'Object.values(cachedParts).map((part) => cacheKey(cpfHash, part, cpf));',
    to: 'Object.values(cachedParts).slice(0, 1).map((part) => cacheKey(cpfHash, part, cpf));',
    suites,
  },
  {
    description: 'each key has its own generation, not each person',
    file: 'packages/subgraph/src/cache/cache-key.ts',
    from: "`geracao:${key.slice(key.indexOf('{'), key.indexOf('}') + 1)}`",
    to: '`geracao:${key}`',
    suites,
  },
];
