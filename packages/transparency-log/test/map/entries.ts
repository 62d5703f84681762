import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { MapEntry } from '../../src/map/map-entry.ts';

/** Bytes that look random and are the same in every run. */
export const bytesFor = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export const someEntry = (name: string, count = 1): MapEntry => ({
  index: bytesFor(`index of ${name}`),
  count,
  head: bytesFor(`head of ${name} after ${count}`),
});

export const someEntries = (count: number, name = 'person'): MapEntry[] =>
  Array.from({ length: count }, (_, place) => someEntry(`${name} ${place}`, (place % 50) + 1));

/** An index, often with a prefix of few kinds, so that ways part late; sometimes only in their last byte. */
const index = fc
  .record({
    filler: fc.constantFrom(0, 0xff, 0x5a),
    length: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }, { weight: 1, arbitrary: fc.integer({ min: 4, max: 31 }) }), // prettier-ignore
    bytes: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  })
  .map(({ filler, length, bytes }) => Buffer.from(bytes).fill(filler, 0, length));

/** Entries with different indices. */
export const entriesOf = (maxLength: number): fc.Arbitrary<MapEntry[]> =>
  fc.uniqueArray(
    fc.record({
      index,
      count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      head: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    }),
    { maxLength, selector: (entry) => entry.index.toString('hex') },
  );
