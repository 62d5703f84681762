import type { Fault } from '../fault.ts';

const LOADS = 'packages/subgraph/src/cache/cached-loads.ts';
const COPY = 'packages/subgraph/src/cache/cached-copy.ts';
const suites = ['packages/subgraph/test/cache', 'subgraphs/score/test/score-cache', 'subgraphs/event/test/event-cache'];

export const cache: readonly Fault[] = [
  {
    says: 'a copy past its time is as good as the base',
    file: LOADS,
    from: "result: copy && age < ttlMillis ? 'hit' : 'miss'",
    to: "result: copy ? 'hit' : 'miss'",
    suites,
  },
  {
    says: 'a copy from far in the future is fresh',
    file: LOADS,
    from: '(value && (!copy || age < -CLOCK_TOLERANCE_MILLIS))',
    to: '(value && !copy)',
    suites,
  },
  {
    says: 'an error is kept',
    file: LOADS,
    from: 'if (value === undefined || value instanceof PublicError || generation === undefined) return [];',
    to: 'if (value === undefined || generation === undefined) return [];',
    suites,
    survivesBecause: 'the codec of every kept part refuses to encode what is no value of its schema',
  },
  {
    says: 'what a lookup could not ask for is kept all the same',
    file: LOADS,
    from: ' || generation === undefined) return [];',
    to: ') return [];',
    suites,
  },
  {
    says: 'what a replica says right after an invalidation is kept',
    file: LOADS,
    from: "      if (mayBeBehind && generation !== '') return [];\n",
    to: '',
    suites,
  },
  {
    says: 'the time of a copy is when it was asked for, not when it was read',
    file: LOADS,
    from: '    const readAt = clock.now().getTime();\n    const entries',
    to: '    const readAt = 0;\n    const entries',
    suites,
  },
  {
    says: 'a load that began before an invalidation answers those who come after it',
    file: LOADS,
    from: '`${key} ${generation}`',
    to: '`${key}`',
    suites,
  },
  {
    says: 'each caller has a load of their own',
    file: LOADS,
    from: 'wanted.filter((one) => !underWay.has(idOf(one)))',
    to: 'wanted.filter(() => true)',
    suites,
  },
  {
    says: 'a load that ended is waited for again',
    file: LOADS,
    from: 'batch.forEach((one) => underWay.delete(idOf(one)));',
    to: '{};',
    suites,
  },
  {
    says: 'a stale copy stands for a base that gave an answer nobody can use',
    file: LOADS,
    from: "const isLost = lost.code === 'FONTE_INDISPONIVEL' || lost.code === 'FONTE_LENTA';",
    to: 'const isLost = true;',
    suites,
  },
  {
    says: 'a stale copy is shown without its mark',
    file: LOADS,
    from: 'stale.mark(copy.value)',
    to: 'copy.value',
    suites,
  },
  {
    says: 'a stale copy is shown however old it is',
    file: LOADS,
    from: 'clock.now().getTime() - copy.readAt < stale.maxAgeMillis ?',
    to: 'copy.readAt >= 0 ?',
    suites,
  },
  {
    says: 'entries are forgotten before a stale copy is needed',
    file: LOADS,
    from: 'Math.max(ttlMillis, stale?.maxAgeMillis ?? 0)',
    to: 'ttlMillis',
    suites,
  },
  {
    says: 'a copy of another person is taken',
    file: COPY,
    from: 'if (!parsed.success || parsed.data.cpf !== cpf) return undefined;',
    to: 'if (!parsed.success) return undefined;',
    suites,
  },
  {
    says: 'a copy of another version is taken',
    file: COPY,
    from: 'versao: z.literal(version)',
    to: 'versao: z.number()',
    suites,
  },
  {
    says: 'a copy that is no JSON is an error',
    file: COPY,
    from: '  } catch {\n    return undefined;\n  }',
    to: '  } catch (error) {\n    throw error;\n  }',
    suites,
  },
  {
    says: 'the keys of all bases are one',
    file: 'packages/subgraph/src/cache/cache-key.ts',
    from: '`${base}:${version}:{${cpfHash(cpf)}}:${part}` as CacheKey',
    to: '`${base}:${version}:{}:${part}` as CacheKey',
    suites,
  },
];

export const invalidation: readonly Fault[] = [
  {
    says: 'the memory keeps what was loaded before an invalidation',
    file: 'packages/subgraph/src/cache/memory-cache.ts',
    from: 'if (generation === generationOf(key)) kept.set',
    to: 'kept.set',
    suites,
  },
  {
    says: 'an invalidation leaves the generation as it is',
    file: 'packages/subgraph/src/cache/memory-cache.ts',
    from: '      for (const key of keys) generations.set(generationKeyOf(key), randomUUID());\n',
    to: '',
    suites,
  },
  {
    says: 'an invalidation deletes nothing',
    file: 'packages/subgraph/src/cache/memory-cache.ts',
    from: 'keys.filter((key) => kept.delete(key)).length',
    to: 'keys.filter((key) => kept.has(key)).length',
    suites,
  },
  {
    says: 'an invalidation takes the first part of a person only',
    file: 'packages/subgraph/src/cache/cache-key.ts',
    from: 'Object.values(cachedParts).map((part) => cacheKey(cpfHash, part, cpf));',
    to: 'Object.values(cachedParts).slice(0, 1).map((part) => cacheKey(cpfHash, part, cpf));',
    suites,
  },
  {
    says: 'the generation is of a key, not of a person',
    file: 'packages/subgraph/src/cache/cache-key.ts',
    from: "`geracao:${key.slice(key.indexOf('{'), key.indexOf('}') + 1)}`",
    to: '`geracao:${key}`',
    suites,
  },
];
