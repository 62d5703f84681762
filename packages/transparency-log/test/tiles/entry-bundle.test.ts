import fc from 'fast-check';
import { decodeEntryBundle, encodeEntryBundle, EntryBundleError } from '../../src/tiles/entry-bundle.ts';
import { hex } from '../tree/naive-tree.ts';

describe('A bundle of entries', () => {
  it('writes each entry after its length in two bytes, the higher first', () => {
    const long = new Uint8Array(258).fill(7);
    const bundle = encodeEntryBundle([Uint8Array.of(1, 2, 3), new Uint8Array(0), long]);
    expect(hex(bundle)).toBe(`000301020300000102${'07'.repeat(258)}`);
  });

  it('is read back to its entries', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 256 });
    fc.assert(
      fc.property(entries, (list) => {
        expect(decodeEntryBundle(encodeEntryBundle(list)).map(hex)).toEqual(list.map(hex));
      }),
      generatedProperty(200),
    );
  });

  it('takes up to 256 entries, each up to 65,535 bytes', () => {
    const full = encodeEntryBundle(Array.from({ length: 256 }, () => new Uint8Array(65_535)));
    expect(decodeEntryBundle(full)).toHaveLength(256);
    expect(() => encodeEntryBundle(Array.from({ length: 257 }, () => new Uint8Array(0)))).toThrow(RangeError);
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError);
    expect(() => decodeEntryBundle(new Uint8Array(2 * 257))).toThrow('The bundle has more than 256 entries.');
  });

  it('is refused when it was cut anywhere within an entry', () => {
    const bundle = encodeEntryBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)]);
    for (let length = 1; length < bundle.length; length += 1) {
      if (length === 5) continue; // the end of the first entry
      expect(() => decodeEntryBundle(bundle.subarray(0, length))).toThrow(EntryBundleError);
    }
  });
});
