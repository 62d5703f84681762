import { parse } from 'graphql';
import { documentStore } from '../../src/graphql/document-store.ts';
import { SecondUseStore } from '../../src/graphql/second-use-store.ts';

const store = (maxBytes = 1_000) => new SecondUseStore<string>({ maxBytes, bytesOf: ({ length }) => length });
const twice = (kept: SecondUseStore<string>, key: string, value: string): void => {
  kept.set(key, value);
  kept.set(key, value);
};

describe('A store of what callers make up', () => {
  it('keeps nothing of what is used once, however much of it there is', () => {
    const kept = store();
    for (let n = 0; n < 20_000; n++) kept.set(`key-${n}`, 'x'.repeat(500));
    expect([kept.bytes, kept.get('key-1'), kept.get('key-19999')]).toEqual([0, undefined, undefined]);
  });

  it('keeps what is used again', () => {
    const kept = store();
    twice(kept, 'a', 'value');
    expect([kept.get('a'), kept.bytes]).toEqual(['value', 5]);
  });

  it('holds no more bytes than it may, and lets go of what was used longest ago', () => {
    const kept = store();
    twice(kept, 'first', 'x'.repeat(400));
    twice(kept, 'second', 'x'.repeat(400));
    kept.get('first');
    twice(kept, 'third', 'x'.repeat(400));
    expect(['first', 'second', 'third'].map((key) => kept.get(key) !== undefined)).toEqual([true, false, true]);
    for (let n = 0; n < 1_000; n++) twice(kept, `key-${n}`, 'x'.repeat(n));
    expect(kept.bytes).toBeLessThanOrEqual(1_000);
  });

  it('does not keep what is larger than all of it', () => {
    const kept = store();
    twice(kept, 'a', 'small');
    twice(kept, 'b', 'x'.repeat(1_001));
    expect([kept.get('a'), kept.get('b')]).toEqual(['small', undefined]);
  });

  it('forgets on demand', () => {
    const kept = store();
    twice(kept, 'a', 'value');
    kept.delete('a');
    twice(kept, 'b', 'value');
    kept.clear();
    expect([kept.get('a'), kept.get('b'), kept.bytes]).toEqual([undefined, undefined, 0]);
  });

  it('of documents counts their tokens: 48 MB hold some fifty of the largest', async () => {
    const documents = documentStore();
    const large = (n: number) => parse(`{ a${n}: ${'nome '.repeat(996)} }`);
    for (let n = 0; n < 100; n++) for (let round = 0; round < 2; round++) await documents.set(`d${n}`, large(n));
    const kept = await Promise.all(Array.from({ length: 100 }, (_, n) => documents.get(`d${n}`)));
    const count = kept.filter((one) => one !== undefined).length;
    expect(count).toBeGreaterThan(30);
    expect(count).toBeLessThan(60);
    expect(kept.at(-1)).toBeDefined();
  });
});
