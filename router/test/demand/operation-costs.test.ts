import { parse } from 'graphql';
import { INTROSPECTION_WEIGHT } from '../../src/demand/cost-plan.ts';
import { OperationCosts, operationCost } from '../../src/demand/operation-costs.ts';
import { librarySupergraph } from './library-supergraph.ts';

const costs = new OperationCosts(librarySupergraph());
const cost = (query: string, variables: Record<string, unknown> = {}) =>
  operationCost(costs, parse(query), undefined, variables);
const estimate = (query: string, variables?: Record<string, unknown>) => cost(query, variables).estimate;

/** The root of each operation is an object of weight 1. */
const ROOT = 1;
const BOOK = 3;

describe('The cost of an operation, on a supergraph that renames both directives', () => {
  it.each([
    ['an object costs 1', '{ book { similar { __typename } author { name } } }', ROOT + BOOK + 10 * BOOK + 1],
    ['an object costs the weight of its type', '{ book { title } }', ROOT + BOOK],
    ['an object of weight 0 costs what is in it', '{ book { stock { count shelves { number } } } }', ROOT + BOOK + 4],
    ['a scalar costs nothing', '{ book { title tags } }', ROOT + BOOK],
    ['a scalar with a weight costs it', '{ book { cover } }', ROOT + BOOK + 5],
    ['an enum with a weight costs it', '{ book { genre } }', ROOT + BOOK + 2],
    ['`__typename` costs nothing', '{ __typename book { __typename } }', ROOT + BOOK],
    [
      'introspection costs the same whatever is asked',
      '{ __schema { types { name fields { name } } } }',
      ROOT + INTROSPECTION_WEIGHT,
    ],
    ['a list has its assumed size', '{ found { ... on Map { title } } }', ROOT + 5 * BOOK],
    ['a list without a size has ten items', '{ book { similar { title } } }', ROOT + BOOK + 10 * BOOK],
    ['a list of lists multiplies', '{ book { copies { place } } }', ROOT + BOOK + 3 * 10],
    [
      'nested lists multiply',
      '{ book { chapters(first: 5) { nodes { notes { text } } } } }',
      ROOT + BOOK + 20 + 1 + 5 * (1 + 2),
    ],
    ['a sliced list has the size of its argument', '{ book { reviews(first: 2) { text } } }', ROOT + BOOK + 2],
    ['a list that is not sliced has its assumed size', '{ book { reviews(first: null) { text } } }', ROOT + BOOK + 6],
    ['the default of a slicing argument counts', '{ book { chapters { nodes { name } } } }', ROOT + BOOK + 20 + 1 + 4],
    [
      'the highest slicing argument counts',
      '{ book { chapters(first: 2, last: 7) { nodes { name } } } }',
      ROOT + BOOK + 20 + 1 + 7,
    ],
    [
      'each sized list has the size',
      '{ book { chapters(first: 5) { nodes { name } edges { node { name } } } } }',
      ROOT + BOOK + 20 + 1 + 5 + 5 * 2,
    ],
    ['a read costs the weight of its field', '{ book { chapters(first: 0) { total } } }', ROOT + BOOK + 20 + 1 + 4],
    ['an argument with a weight costs it', '{ search(exact: true) { title } }', ROOT + 10 + 9 + 2 * BOOK],
    ['an argument that is null costs nothing', '{ search(exact: null) { title } }', ROOT + 10 + 2 * BOOK],
    [
      'a field of an input object costs its weight',
      '{ search(filter: { text: "a", year: 1 }) { title } }',
      ROOT + 10 + 30 + 2 * BOOK,
    ],
    [
      'each input object in a list costs',
      '{ search(filter: { and: [{ text: "a" }, { text: "b" }, { year: 2 }] }) { title } }',
      ROOT + 10 + 60 + 2 * BOOK,
    ],
  ])('%s', (_, query, expected) => {
    expect(estimate(query)).toBe(expected);
  });

  describe('of what is written more than once', () => {
    const once = estimate('{ book { chapters(first: 5) { nodes { name } } } }');

    it('is that of one field when the response key is the same', () => {
      expect(
        estimate('{ book { chapters(first: 5) { nodes { name } } chapters(first: 5) { nodes { __typename } } } }'),
      ).toBe(once);
      expect(
        estimate(
          '{ book { ...C } ... { book { ...C } } } fragment C on Book { chapters(first: 5) { nodes { name } } }',
        ),
      ).toBe(once);
    });

    it('counts objects for each alias, and the read once for equal arguments', () => {
      const twice = cost(
        '{ book { chapters(first: 5) { nodes { name } } again: chapters(first: 5) { nodes { name } } } }',
      );
      expect(twice).toEqual({ estimate: once + 1 + 5, reads: 1 });
      const other = cost(
        '{ book { chapters(first: 5) { nodes { name } } other: chapters(first: 4) { nodes { name } } } }',
      );
      expect(other).toEqual({ estimate: once + 20 + 1 + 4, reads: 2 });
    });

    it('is one read for all root fields and all their objects', () => {
      expect(
        cost(
          '{ a: book(id: 1) { chapters { total } } b: book(id: 2) { chapters { total } } members(cpfs: [1, 2, 3]) { name } }',
        ).reads,
      ).toBe(3);
    });

    it('is one read whether a default is written or not', () => {
      expect(cost('{ book { chapters { __typename } b: chapters(first: 4) { __typename } } }').reads).toBe(1);
    });
  });

  describe('of an abstract type', () => {
    it('is that of the most costly object it can be', () => {
      expect(estimate('{ item { ... on Book { title } ... on Map { places { name } } } }')).toBe(ROOT + 1 + 8);
      expect(estimate('{ item { title ... on Map { scale } } }')).toBe(ROOT + BOOK + 2);
      expect(estimate('{ found { ... on Author { name } ... on Item { title } } }')).toBe(ROOT + 5 * BOOK);
    });

    it('has the list sizes of the interface', () => {
      expect(estimate('{ item { copies { place } } }')).toBe(ROOT + BOOK + 3 * 10);
    });

    it('keeps fields of different types with one response key apart', () => {
      expect(estimate('{ item { ... on Book { x: similar { title } } ... on Map { x: places { name } } } }')).toBe(
        ROOT + BOOK + 10 * BOOK,
      );
    });
  });

  describe('of an operation with variables', () => {
    const SLICED = 'query ($n: Int) { book { chapters(first: $n) { nodes { name } } } }';
    const fixed = ROOT + BOOK + 20 + 1;

    it.each<[string, string, Record<string, unknown>, number]>([
      ['takes the sent value', SLICED, { n: 9 }, fixed + 9],
      ['takes the argument’s default when nothing is sent', SLICED, {}, fixed + 4],
      ['takes the variable’s default', SLICED.replace('$n: Int', '$n: Int = 6'), {}, fixed + 6],
      ['takes the sent value before the default', SLICED.replace('$n: Int', '$n: Int = 6'), { n: 2 }, fixed + 2],
      ['takes the argument’s default for null without an assumed size', SLICED, { n: null }, fixed + 4],
      [
        'takes the assumed size for null',
        'query ($n: Int) { book { reviews(first: $n) { text } } }',
        { n: null },
        ROOT + BOOK + 6,
      ],
      [
        'counts the items of a list that names them',
        'query ($c: [ID!]!) { members(cpfs: $c) { __typename } }',
        { c: ['1', '2', '3'] },
        ROOT + 3,
      ],
      ['counts a single value as one', 'query ($c: [ID!]!) { members(cpfs: $c) { __typename } }', { c: '1' }, ROOT + 1],
      [
        'counts items in a literal list',
        'query ($c: ID!) { members(cpfs: [$c, "2"]) { __typename } }',
        { c: '1' },
        ROOT + 2,
      ],
      [
        'counts no more than the assumed size',
        'query ($c: [ID!]!) { members(cpfs: $c) { __typename } }',
        { c: Array(101).fill('1') },
        ROOT + 100,
      ],
      [
        'counts the assumed size when nothing is sent',
        'query ($c: [ID!]!) { members(cpfs: $c) { __typename } }',
        {},
        ROOT + 100,
      ],
      [
        'weighs an input object in a variable',
        'query ($f: Filter) { search(filter: $f) { title } }',
        { f: { text: 'a', and: [{ text: 'b' }] } },
        ROOT + 10 + 60 + 2 * BOOK,
      ],
      [
        'weighs a variable inside an input object',
        'query ($t: String) { search(filter: { text: $t }) { title } }',
        { t: 'a' },
        ROOT + 10 + 30 + 2 * BOOK,
      ],
      [
        'does not weigh an argument whose variable is null',
        'query ($b: Boolean) { search(exact: $b) { title } }',
        { b: null },
        ROOT + 10 + 2 * BOOK,
      ],
    ])('%s', (_, query, variables, expected) => {
      expect(estimate(query, variables)).toBe(expected);
    });

    it('has a prototype’s names among its variables without harm', () => {
      expect(estimate('query ($constructor: Int) { book { reviews(first: $constructor) { text } } }')).toBe(
        ROOT + BOOK + 6,
      );
    });

    it('leaves out what @skip and @include leave out', () => {
      const query = 'query ($s: Boolean!, $i: Boolean = false) { book { reviews(first: 2) @skip(if: $s) { text } ...F @include(if: $i) } } fragment F on Book { stock { shelves { number } } }'; // prettier-ignore
      const left = [{ s: true }, { s: false }, { s: true, i: true }, { s: false, i: true }].map((variables) => estimate(query, variables)); // prettier-ignore
      expect(left.map((value) => value - ROOT - BOOK)).toEqual([0, 2, 4, 6]);
    });
  });

  it('takes one of several operations, by its name', () => {
    const document = parse('query A { book { title } } query B { book { author { name } } }');
    expect(operationCost(costs, document, 'B', {}).estimate).toBe(ROOT + BOOK + 1);
    expect(() => operationCost(costs, document, undefined, {})).toThrow('no such operation');
    expect(() => operationCost(costs, document, 'C', {})).toThrow('no such operation');
  });

  it('is the same from the text of a supergraph', () => {
    expect(operationCost(librarySupergraph(), parse('{ book { title } }'), undefined, {})).toEqual({
      estimate: ROOT + BOOK,
      reads: 0,
    });
  });

  it('is infinite for an operation too large to plan, and is told soon', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `fragment F${n} on Book { a: similar { ...F${n + 1} } b: similar { ...F${n + 1} } c: similar { ...F${n + 1} } }`); // prettier-ignore
    const startedAt = performance.now();
    expect(estimate(`{ book { ...F0 } } ${levels.join(' ')} fragment F12 on Book { title }`)).toBe(Infinity);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('A supergraph whose cost directives cannot be used is refused', () => {
  it.each([
    [
      'another version',
      librarySupergraph().replace('/cost/v0.1', '/cost/v0.2'),
      'https://specs.apollo.dev/cost/v0.2 is not a known version',
    ],
    [
      'a weight below 0',
      librarySupergraph().replace('@weighs(weight: 30)', '@weighs(weight: -30)'),
      'Filter.text has a weight below 0',
    ],
    [
      'a size below 0',
      librarySupergraph().replace('@sized(assumedSize: 8)', '@sized(assumedSize: -8)'),
      'Map.places has an assumed size below 0',
    ],
    [
      'a slicing argument that does not exist',
      librarySupergraph().replace('["first", "last"]', '["first", "size"]'),
      'Book.chapters has no argument `size`, which slices it',
    ],
    [
      'a sized field that does not exist',
      librarySupergraph().replace('["nodes", "edges"]', '["nodes", "items"]'),
      'Book.chapters gives a size to `items`, which its type does not have',
    ],
  ])('%s', (_, supergraph, message) => {
    expect(() => new OperationCosts(supergraph)).toThrow(message);
  });

  it('and one without the specification has the defaults', () => {
    const plain = librarySupergraph().replace(/ *@link\(url: "https:\/\/specs.apollo.dev\/cost[^\n]*\n/, '\n');
    expect(operationCost(plain, parse('{ book { chapters { nodes { name } } } }'), undefined, {})).toEqual({
      estimate: 1 + 1 + 1 + 10,
      reads: 0,
    });
  });
});

describe('A list that requires one slicing argument', () => {
  const strict = new OperationCosts(librarySupergraph().replace('sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false', 'sizedFields: ["nodes", "edges"]')); // prettier-ignore
  const ask = (args: string) => () => operationCost(strict, parse(`query ($n: Int) { book { chapters${args} { total } } }`), undefined, {}); // prettier-ignore

  it.each(['(first: 1)', '(last: $n)', '(first: 1, last: null)'])('takes %s', (args) => {
    expect(ask(args)).not.toThrow();
  });

  it.each(['', '(first: 1, last: 2)', '(first: null)'])('refuses `%s` with BAD_USER_INPUT', (args) => {
    expect(ask(args)).toThrow(expect.objectContaining({ message: '`Book.chapters` takes exactly one of `first`, `last`.', extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })); // prettier-ignore
  });
});
