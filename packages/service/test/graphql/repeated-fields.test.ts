import { buildSchema, OverlappingFieldsCanBeMergedRule, parse, validate } from 'graphql';
import fc from 'fast-check';
import { repeatsFields } from '../../src/graphql/repeated-fields.ts';

const repeat = (count: number, text: string): string => Array.from({ length: count }, () => text).join(' ');

describe('A document repeats fields', () => {
  it.each([
    ['in one selection', `{ ${repeat(21, 'a')} }`],
    ['in nested selections of one place', `{ ${repeat(3, `p { ${repeat(7, 'a')} }`)} }`],
    ['in inline fragments', `{ ${repeat(21, '... on Query { a }')} }`],
    ['in different fragments', `{ ${Array.from({ length: 21 }, (_, n) => `...F${n}`).join(' ')} } ${Array.from({ length: 21 }, (_, n) => `fragment F${n} on Query { a }`).join(' ')}`], // prettier-ignore
    ['under an alias', `{ ${repeat(11, 'x: a')} ${repeat(10, 'x: a')} }`],
  ])('%s', (_, text) => {
    expect(repeatsFields(parse(text), 20)).toBe(true);
  });

  it.each([
    ['at the limit', `{ ${repeat(20, 'a')} }`],
    ['under different aliases', `{ ${Array.from({ length: 40 }, (_, n) => `x${n}: a`).join(' ')} }`],
    ['at different places', `{ ${Array.from({ length: 15 }, (_, n) => `x${n}: p { ${repeat(15, 'a')} }`).join(' ')} }`],
    ['in one fragment that is spread often', `{ ${repeat(40, '...F')} } fragment F on Query { a }`],
    ['in fragments that spread themselves', '{ ...F } fragment F on Query { p { ...F } ...F }'],
    ['with a fragment that does not exist', `{ ${repeat(40, '...F')} }`],
  ])('but not %s', (_, text) => {
    expect(repeatsFields(parse(text), 20)).toBe(false);
  });

  it('and no document within the limit keeps graphql-js comparing for long', () => {
    const schema = buildSchema('type Query { a: Int b: Int p: Query q: Query }');
    const selection = fc.letrec((tie) => ({
      set: fc.array(tie('field'), { minLength: 1, maxLength: 12 }).map((fields) => fields.join(' ')),
      field: fc.oneof({ depthSize: 'small', maxDepth: 4 }, fc.constantFrom('a', 'b'), tie('nested')),
      nested: fc.tuple(fc.constantFrom('p', 'q', '... on Query'), tie('set')).map(([name, set]) => `${String(name)} { ${String(set)} }`), // prettier-ignore
    })).set;
    fc.assert(
      fc.property(selection, (set) => {
        const document = parse(`{ ${String(set)} }`);
        fc.pre(!repeatsFields(document, 20));
        const millis = (): number => {
          const start = performance.now();
          validate(schema, document, [OverlappingFieldsCanBeMergedRule]);
          return performance.now() - start;
        };
        let shortest = millis();
        for (let tries = 1; tries < 3 && shortest >= 500; tries++) shortest = Math.min(shortest, millis()); // the machine may be busy
        expect(shortest).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });
});
