import { parse } from 'graphql';
import { documentStore } from '../../src/graphql/document-store.ts';
import { SecondUseStore } from '../../src/graphql/second-use-store.ts';

const createStore = (maxBytes = 1_000) => new SecondUseStore<string>({ maxBytes, bytesOf: ({ length }) => length });
const setTwice = (store: SecondUseStore<string>, key: string, value: string): void => {
  store.set(key, value);
  store.set(key, value);
};
const contentOf = (store: SecondUseStore<string>, ...keys: string[]) => ({
  bytes: store.bytes,
  values: Object.fromEntries(keys.map((key) => [key, store.get(key)])),
});

describe('A store that accepts values on their second use', () => {
  it('stores nothing that is used once', () => {
    const store = createStore();
    for (let index = 0; index < 20_000; index++) store.set(`key-${index}`, 'x'.repeat(500));
    expect(contentOf(store, 'key-1', 'key-19999')).toEqual({
      bytes: 0,
      values: { 'key-1': undefined, 'key-19999': undefined },
    });
  });

  it('stores a value that is used twice', () => {
    const store = createStore();
    setTwice(store, 'a', 'value');
    expect(contentOf(store, 'a')).toEqual({ bytes: 5, values: { a: 'value' } });
  });

  it('never holds more than its bytes, and evicts the least recently used value', () => {
    const store = createStore();
    setTwice(store, 'first', 'x'.repeat(400));
    setTwice(store, 'second', 'x'.repeat(400));
    store.get('first');
    setTwice(store, 'third', 'x'.repeat(400));
    expect(['first', 'second', 'third'].filter((key) => store.get(key) !== undefined)).toEqual(['first', 'third']);
    for (let length = 0; length < 1_000; length++) setTwice(store, `key-${length}`, 'x'.repeat(length));
    expect(store.bytes).toBeLessThanOrEqual(1_000);
  });

  it('does not store a value larger than itself, and evicts nothing for it', () => {
    const store = createStore();
    setTwice(store, 'a', 'small');
    setTwice(store, 'b', 'x'.repeat(1_001));
    expect(contentOf(store, 'a', 'b').values).toEqual({ a: 'small', b: undefined });
  });

  it('deletes one value, or all', () => {
    const store = createStore();
    setTwice(store, 'a', 'value');
    store.delete('a');
    setTwice(store, 'b', 'value');
    store.clear();
    expect(contentOf(store, 'a', 'b')).toEqual({ bytes: 0, values: { a: undefined, b: undefined } });
  });

  it('counts the tokens of documents: 48 MiB hold about fifty of the largest documents', async () => {
    const documents = documentStore();
    const largeDocument = (index: number) => parse(`{ a${index}: ${'nome '.repeat(996)} }`);
    for (let index = 0; index < 100; index++) {
      for (let use = 0; use < 2; use++) await documents.set(`d${index}`, largeDocument(index));
    }
    const results = await Promise.all(Array.from({ length: 100 }, (_, index) => documents.get(`d${index}`)));
    const storedCount = results.filter((document) => document !== undefined).length;
    expect(storedCount).toBeGreaterThan(30);
    expect(storedCount).toBeLessThan(60);
    expect(results.at(-1)).toBeDefined();
  });
});
