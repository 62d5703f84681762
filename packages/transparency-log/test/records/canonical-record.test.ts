import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalRecord, entryOf, type FlatRecord } from '../../src/records/canonical-record.ts';
import { hex } from '../tree/naive-tree.ts';

const text = (record: FlatRecord): string => Buffer.from(canonicalRecord(record)).toString();

describe('A canonical record', () => {
  it('is the one of RFC 8785 for its example of numbers and text', () => {
    // Section 3.2.2, without the list of values that are no texts.
    const record = {
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\"\u002f',
      integer: Number('333333333.33333329'),
      large: 1e30,
      fraction: 4.5,
      small: 2e-3,
      tiny: 0.000000000000000000000000001,
      nothing: null,
      yes: true,
    };
    expect(text(record)).toBe(
      '{"fraction":4.5,"integer":333333333.3333333,"large":1e+30,"nothing":null,"small":0.002,"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","tiny":1e-27,"yes":true}',
    );
  });

  it('orders names by UTF-16 code units, as the example of RFC 8785, section 3.2.3', () => {
    const record = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(text(record)) as object)[0]).toBe('One'); // a parser orders whole numbers first
    expect([...text(record).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    [{}, '{}'],
    [{ b: [], a: ['x', 'é'] }, '{"a":["x","é"],"b":[]}'],
    [{ a: -0 }, '{"a":0}'],
    [JSON.parse('{"__proto__":"x"}') as FlatRecord, '{"__proto__":"x"}'],
  ])('of %j is %s', (record, canonical) => {
    expect(text(record)).toBe(canonical);
  });

  it.each([
    { a: NaN },
    { a: Infinity },
    { a: '\ud800' },
    { a: ['\udc00'] },
    { '\ud83d': 'x' },
    { a: undefined },
    { a: { b: 'x' } },
    { a: [1] },
    { a: 1n },
    { a: () => 'x' },
  ])('is refused for %p', (record) => {
    expect(() => canonicalRecord(record as unknown as FlatRecord)).toThrow(RangeError);
  });

  it('is the same for every order of the names, and is read back to the same record', () => {
    const wellFormed = fc.string({ unit: 'grapheme' });
    const value = fc.oneof(wellFormed, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.array(wellFormed), fc.constant(null)); // prettier-ignore
    fc.assert(
      fc.property(fc.dictionary(wellFormed, value), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).toReversed());
        expect(text(reversed)).toBe(text(record));
        const parsed = JSON.parse(text(record)) as FlatRecord;
        expect(text(parsed)).toBe(text(record));
        expect(JSON.stringify(parsed)).toHaveLength(text(record).length);
      }),
      generatedProperty(500),
    );
  });
});

describe('The entry of a record', () => {
  it('is the hash of the nonce and the record', () => {
    const nonce = Buffer.alloc(32, 5);
    const canonical = canonicalRecord({ a: 'x' });
    const expected = createHash('sha256').update(nonce).update('{"a":"x"}').digest('hex');
    expect(hex(entryOf(nonce, canonical))).toBe(expected);
  });

  it('is refused for a nonce of another length, which could pass a byte to the record', () => {
    expect(() => entryOf(Buffer.alloc(31), canonicalRecord({}))).toThrow(RangeError);
    expect(() => entryOf(Buffer.alloc(33), canonicalRecord({}))).toThrow(RangeError);
  });
});
