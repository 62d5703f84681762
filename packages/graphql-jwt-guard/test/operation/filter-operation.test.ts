import { getOperationAST, parse, print } from 'graphql';
import { filterOperation, isSatisfied, OperationGuard, type Caller } from '../../src/index.ts';
import { composeShop } from './shop-supergraph.ts';

const guard = new OperationGuard(composeShop());

const callerWith = (scopes: string[] = [], policies: string[] = []): Caller => ({
  isAuthenticated: true,
  scopes: new Set(scopes),
  policies: new Set(policies),
});
const ANONYMOUS: Caller = { isAuthenticated: false, scopes: new Set(), policies: new Set() };
const EVERYTHING = callerWith(['stock', 'admin', 'prices', 'read'], ['hr', 'payroll', 'night']);

function filter(source: string, caller: Caller, variables: Record<string, unknown> = {}, operationName?: string) {
  const { document, unauthorizedPaths } = filterOperation(guard, parse(source), operationName, variables, caller);
  return {
    left: document && print(document).replace(/\s+/g, ' '),
    denied: unauthorizedPaths.map(({ path }) => path.join('.')),
  };
}

const rules: Record<string, { source: string; caller: Caller; left: string | null; denied: string[] }> = {
  'a field needs its own requirement': {
    source: '{ book { id isbn } }',
    caller: callerWith(),
    left: '{ book { id } }',
    denied: ['book.isbn'],
  },
  'of several alternatives one is enough': {
    source: '{ book { isbn } }',
    caller: callerWith(['admin']),
    left: '{ book { isbn } }',
    denied: [],
  },
  'an alternative must hold whole': {
    source: '{ author { name boss { salary } } }',
    caller: callerWith([], ['payroll']),
    left: '{ author { name } }',
    denied: ['author.boss.salary'],
  },
  'requirements of two subgraphs on one field must all hold': {
    source: '{ book { id title } }',
    caller: callerWith(['stock']),
    left: '{ book { id } }',
    denied: ['book.title'],
  },
  'scopes without authentication are no scopes': {
    source: '{ book { id isbn } }',
    caller: { ...EVERYTHING, isAuthenticated: false },
    left: '{ book { id } }',
    denied: ['book.isbn'],
  },
  'a policy needs no authentication': {
    source: '{ author { salary } }',
    caller: { ...ANONYMOUS, policies: new Set(['hr']) },
    left: '{ author { salary } }',
    denied: [],
  },
  'an enum is guarded where it is returned': {
    source: '{ book { id grade } }',
    caller: ANONYMOUS,
    left: '{ book { id } }',
    denied: ['book.grade'],
  },
  'an enum is not guarded where it is an argument': {
    source: '{ search(grade: NEW) { __typename } }',
    caller: ANONYMOUS,
    left: '{ search(grade: NEW) { __typename } }',
    denied: [],
  },
  'a scalar is guarded where it is returned': {
    source: '{ book { id cost: price } }',
    caller: callerWith(['prices']),
    left: '{ book { id } }',
    denied: ['book.cost'],
  },
  'a root field may be guarded': {
    source: '{ secret book { id } }',
    caller: callerWith(),
    left: null, // it may not be null, so the whole answer is
    denied: ['secret'],
  },
  'a field of an interface needs what every implementer needs': {
    source: '{ item { title price } }',
    caller: callerWith(['read']),
    left: '{ item { title typename_: __typename } }',
    denied: ['item.price'],
  },
  'a field that only one implementer guards is guarded on the interface': {
    source: '{ item { __typename maker { id } } }',
    caller: callerWith(),
    left: '{ item { __typename typename_: __typename } }',
    denied: ['item.maker'],
  },
  '__typename of an interface needs nothing': {
    source: '{ item { __typename } items { __typename } }',
    caller: ANONYMOUS,
    left: '{ item { __typename } items { __typename } }',
    denied: [],
  },
  'a fragment on an implementer needs what that implementer needs': {
    source: '{ item { ... on Book { id } ... on Draft { notes } } }',
    caller: ANONYMOUS,
    left: '{ item { ... on Book { id } typename_: __typename } }',
    denied: ['item.notes'],
  },
  'a member of a union is guarded at its fields': {
    source: '{ search { __typename ... on Author { name } ... on Draft { id title } } }',
    caller: ANONYMOUS,
    left: '{ search { __typename ... on Author { name } typename_: __typename } }',
    denied: ['search.id', 'search.title'],
  },
  'an alias hides nothing, and paths have response keys': {
    source: '{ b: book { name: isbn key: id } }',
    caller: callerWith(),
    left: '{ b: book { key: id } }',
    denied: ['b.name'],
  },
  'a named fragment that becomes empty goes with its spreads': {
    source: '{ book { id ...Stock } } fragment Stock on Book { isbn left }',
    caller: callerWith(),
    left: '{ book { id } }',
    denied: ['book.isbn', 'book.left'],
  },
  'a fragment in a fragment is filtered once for all its places': {
    source: '{ a: book { ...A } b: book { ...A } } fragment A on Book { id ...B } fragment B on Book { isbn shelf }',
    caller: callerWith(),
    left: '{ a: book { ...A } b: book { ...A } } fragment A on Book { id ...B } fragment B on Book { shelf }',
    denied: ['a.isbn', 'b.isbn'],
  },
  'an object of which everything is denied goes': {
    source: '{ book { isbn left } author { id } }',
    caller: callerWith(),
    left: '{ author { id } }',
    denied: ['book.isbn', 'book.left'],
  },
  'nothing is left when everything is denied': {
    source: '{ book { isbn } shelves { left } }',
    caller: callerWith(),
    left: null,
    denied: ['book.isbn', 'shelves.left'],
  },
  'a denied field that may not be null takes its object along': {
    source: '{ author { name boss { name salary } } }',
    caller: callerWith(),
    left: '{ author { name } }',
    denied: ['author.boss.salary'],
  },
  'items of a list are asked for even when each will be null: the list has a length': {
    source: '{ author { id nested { id salary } } }',
    caller: callerWith(),
    left: '{ author { id nested { id } } }',
    denied: ['author.nested.salary'],
  },
  'introspection is untouched': {
    source: '{ __schema { queryType { name } } __type(name: "Draft") { name } secret }',
    caller: EVERYTHING,
    left: '{ __schema { queryType { name } } __type(name: "Draft") { name } secret }',
    denied: [],
  },
  'a denied part that @skip leaves out is no error': {
    source: '{ book { id isbn @skip(if: true) } }',
    caller: callerWith(),
    left: '{ book { id } }',
    denied: [],
  },
};

it.each(Object.entries(rules))('%s', (_title, { source, caller, left, denied }) => {
  expect(filter(source, caller)).toEqual({ left, denied });
});

it('a field of an interface needs what every implementer needs, also where composition did not write it there', () => {
  // Older versions of composition leave interfaces without the requirements of their implementers.
  const bare = composeShop().replace(/interface Item[^{]*\{[^}]*\}/, 'interface Item @join__type(graph: CATALOG) { id: ID! title: String price: Money maker: Author }'); // prettier-ignore
  const document = parse('{ item { title price maker { id } ... on Book { id } } }');
  const paths = (supergraph: string, caller: Caller) =>
    filterOperation(supergraph, document, undefined, {}, caller).unauthorizedPaths.map(({ path }) => path.join('.'));
  expect(bare).toContain('interface Item @join__type(graph: CATALOG) {');
  for (const caller of [ANONYMOUS, callerWith(['read']), callerWith(['admin', 'read'])])
    expect(paths(bare, caller)).toEqual(paths(composeShop(), caller));
  expect(paths(bare, ANONYMOUS)).toEqual(['item.title', 'item.price', 'item.maker']);
});

it('a variable that only a denied part used is not declared any more', () => {
  const source = 'query ($id: ID, $from: Int, $if: Boolean!) { item(id: $id) { __typename } author @include(if: $if) { id works { ... on Book { pages(from: $from) } ... on Draft { notes } } } }'; // prettier-ignore
  const query = 'query ($id: ID, $from: Int) { item(id: $id) { __typename } book { isbn related { ... on Book { left } } grade } search { ... on Draft { notes } ... on Book { pages(from: $from) @skip(if: true) } } }'; // prettier-ignore
  expect({ used: filter(source, EVERYTHING, { if: true }).left, unused: filter(query, ANONYMOUS).left }).toEqual({
    used: source,
    unused: 'query ($id: ID) { item(id: $id) { __typename } }',
  });
});

it('the operation that is named is filtered, and leaves alone', () => {
  const source = 'query A { book { id isbn } } query B { book { left } }';
  expect(filter(source, callerWith(), {}, 'A').left).toBe('query A { book { id } }');
  expect(() => filter(source, callerWith())).toThrow('no such operation');
});

it('each denied part says by which rule, and which scopes would do', () => {
  const document = parse('{ book { isbn price grade author { salary } } }');
  const denialsOf = (caller: Caller) =>
    Object.fromEntries(
      filterOperation(guard, document, undefined, {}, caller).unauthorizedPaths.map(({ path, denial }) => [
        path.join('.'),
        denial,
      ]),
    );
  expect({ anonymous: denialsOf(ANONYMOUS), withSome: denialsOf(callerWith(['prices'])) }).toEqual({
    anonymous: {
      'book.isbn': { by: 'token' },
      'book.price': { by: 'token' },
      'book.grade': { by: 'token' },
      'book.author.salary': { by: 'policies', policies: ['hr', 'payroll', 'night'] },
    },
    withSome: {
      'book.isbn': { by: 'scopes', scopes: ['stock'] },
      'book.price': { by: 'scopes', scopes: ['prices', 'read'] },
      'book.author.salary': { by: 'policies', policies: ['hr', 'payroll', 'night'] },
    },
  });
});

it('the SDL alone will do in place of a guard', () => {
  const document = parse('{ book { id isbn } }');
  const [byText, byGuard] = [composeShop(), guard].map((supergraph) => filterOperation(supergraph, document, undefined, {}, ANONYMOUS)); // prettier-ignore
  expect(byText).toEqual(byGuard);
});

it('a short document that writes a denied field a million times lists a thousand of them, in little time', () => {
  const fragments = ['fragment F0 on Author { s0: salary s1: salary s2: salary s3: salary s4: salary }'];
  for (let i = 1; i < 10; i++) {
    fragments.push(
      `fragment F${i} on Author { ${[0, 1, 2, 3].map((n) => `b${n}: boss { id ...F${i - 1} }`).join(' ')} }`,
    );
  }
  const { document, unauthorizedPaths } = filterOperation(guard, parse(`{ author { id ...F9 } } ${fragments.join(' ')}`), undefined, {}, ANONYMOUS); // prettier-ignore
  expect({ left: document && print(document).replace(/\s+/g, ' '), listed: unauthorizedPaths.length }).toEqual({
    left: expect.not.stringContaining('salary'),
    listed: 1_000,
  });
});

it('many denied parts under one root field leave those of another one in the list', () => {
  const aliases = Array.from({ length: 1_200 }, (_, n) => `i${n}: isbn`).join(' ');
  const { denied } = filter(`{ book { ${aliases} } author { salary } }`, callerWith());
  expect({ listed: denied.length, ofTheLastRoot: denied.filter((path) => path === 'author.salary').length }).toEqual({
    listed: 1_000,
    ofTheLastRoot: 1,
  });
});

it('a condition that is no boolean is remembered as none', () => {
  const document = parse('query ($if: Boolean!) { book { id isbn shelf @include(if: $if) } }');
  const operation = getOperationAST(document)!;
  const resultFor = (value: unknown) => guard.guard(document, operation, { if: value }, callerWith());
  const none = resultFor(undefined);
  for (const value of ['x'.repeat(100_000), { a: [1] }, 1, null]) expect(resultFor(value)).toBe(none);
  expect(resultFor(true)).not.toBe(none);
  expect(none.key.length).toBeLessThan(100);
});

it('callers with fixed rights share sets and nothing else: each is denied what the same caller without is', () => {
  const document = parse(
    'query ($if: Boolean!) { book { id isbn @include(if: $if) price } author { name salary } me { id } }',
  );
  const operation = getOperationAST(document)!;
  const scopeSets = [[], ['stock'], ['prices', 'read'], ['admin']].map((scopes) => new Set(scopes));
  const policySets = [[], ['hr'], ['payroll', 'night']].map((policies) => new Set(policies));
  const results = new Set<unknown>();
  for (const _round of [1, 2]) {
    for (const scopes of scopeSets) {
      for (const policies of policySets) {
        for (const isAuthenticated of [true, false]) {
          for (const value of [true, false]) {
            const caller = { isAuthenticated, scopes, policies };
            const [fixed, own] = [{ ...caller, hasFixedRights: true }, caller].map((one) =>
              guard.guard(document, operation, { if: value }, one),
            );
            expect(fixed).toBe(own);
            results.add(fixed);
          }
        }
      }
    }
  }
  expect(results.size).toBeGreaterThan(10);
});

describe('What an operation requires', () => {
  const requirementsOf = (source: string) => {
    const document = parse(source);
    return guard.requirementsOf(document, getOperationAST(document)!);
  };

  it('is each requirement of its fields once, with its alternatives', () => {
    expect(requirementsOf('{ book { isbn price a: price author { salary } } }')).toEqual({
      needsToken: true,
      scopes: [[['stock'], ['admin']], [['prices', 'read'], ['admin']]],
      policies: [[['hr'], ['payroll', 'night']]],
    }); // prettier-ignore
    const nothing = { needsToken: false, scopes: [], policies: [] };
    expect(requirementsOf('{ ...F } fragment F on Query { book { ... on Book { grade } } }')).toEqual({ ...nothing, needsToken: true }); // prettier-ignore
    expect(requirementsOf('{ __typename author { name } }')).toEqual(nothing);
  });

  it.each(Object.entries(rules))(
    'is what a caller needs to be denied nothing: %s',
    (_rule, { source, caller, denied }) => {
      const { needsToken, scopes, policies } = requirementsOf(source);
      const isMet =
        (!needsToken || caller.isAuthenticated) &&
        scopes.every((anyOf) => isSatisfied(anyOf, caller.scopes)) &&
        policies.every((anyOf) => isSatisfied(anyOf, caller.policies));
      // What a condition leaves out is not denied, and yet required.
      if (denied.length > 0 || !/@skip|@include/.test(source)) expect(isMet).toBe(denied.length === 0);
    },
  );
});
