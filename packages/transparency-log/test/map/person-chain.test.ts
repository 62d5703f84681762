import { createHash } from 'node:crypto';
import { chainHead, EMPTY_LINK, nextLink } from '../../src/map/person-chain.ts';
import { bytesFor } from './entries.ts';
import { hex } from './naive-map.ts';

const entries = ['one', 'two', 'three'].map(bytesFor);

describe('The chain of a person', () => {
  it('begins with 32 zero bytes, and hashes each entry with the link before', () => {
    expect(hex(EMPTY_LINK)).toBe('00'.repeat(32));
    expect(chainHead([])).toEqual(EMPTY_LINK);
    const first = createHash('sha256').update(Buffer.of(2)).update(Buffer.alloc(32)).update(entries[0]!).digest();
    const second = createHash('sha256').update(Buffer.of(2)).update(first).update(entries[1]!).digest();
    expect(hex(nextLink(EMPTY_LINK, entries[0]!))).toBe(hex(first));
    expect(hex(chainHead(entries.slice(0, 2)))).toBe(hex(second));
    expect(chainHead(entries)).toEqual(nextLink(second, entries[2]!));
  });

  it('has another head when an entry is changed, left out, added or in another place', () => {
    const others = [
      entries.slice(1),
      entries.slice(0, -1),
      entries.toSpliced(1, 1),
      [...entries, entries[0]!],
      entries.toReversed(),
      entries.with(1, bytesFor('other')),
    ];
    const heads = [entries, ...others].map((list) => hex(chainHead(list)));
    expect(new Set(heads).size).toBe(heads.length);
  });

  it.each([0, 31, 33, 64])('takes no link and no entry of %i bytes', (length) => {
    expect(() => nextLink(EMPTY_LINK, Buffer.alloc(length))).toThrow(RangeError);
    expect(() => nextLink(Buffer.alloc(length), entries[0]!)).toThrow(RangeError);
  });
});
