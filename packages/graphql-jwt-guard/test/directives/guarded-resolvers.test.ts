import { buildSchema, parse, subscribe } from 'graphql';
import { guardSchema } from '../../src/index.ts';
import { ask, guardedSchema, guardOptions, policyNamed, subgraphSchema, type Caller } from './guarded-subgraph.ts';

const anonymous: Caller = {};
const authenticated: Caller = { scopes: [] };

describe('a resolver', () => {
  const calls: string[] = [];
  const resolvers = {
    Query: { x: () => calls.push('x'), y: () => calls.push('y'), z: () => calls.push('z') },
  };
  const sdl = `type Query {
    x: Int @authenticated
    y: Int @policy(policies: [["p"]])
    z: Int
  }`;
  const policies = { p: async (input: { context: Caller }) => policyNamed('p')(input) };
  beforeEach(() => calls.splice(0));

  it('of a denied field does not run', async () => {
    await ask(guardedSchema(sdl, { policies }, resolvers), '{ x y z }', anonymous);
    expect(calls).toEqual(['z']);
  });

  it('of a granted field runs once', async () => {
    await ask(guardedSchema(sdl, { policies }, resolvers), '{ x y z }', { scopes: [], policies: ['p'] });
    expect(calls.sort()).toEqual(['x', 'y', 'z']);
  });

  it('of a field without a requirement stays unchanged', () => {
    const schema = subgraphSchema(sdl, resolvers);
    const before = schema.getQueryType()?.getFields()['z']?.resolve;
    expect(guardSchema(schema, guardOptions({ policies }))).toBe(schema);
    expect(schema.getQueryType()?.getFields()['z']?.resolve).toBe(before);
  });

  it('stays unchanged on every field if guardSchema throws', () => {
    const schema = subgraphSchema(sdl, resolvers);
    const before = schema.getQueryType()?.getFields()['x']?.resolve;
    expect(() => guardSchema(schema, guardOptions())).toThrow('unknown policy');
    expect(schema.getQueryType()?.getFields()['x']?.resolve).toBe(before);
  });

  it('of a denied subscription does not start', async () => {
    const started: string[] = [];
    async function* ticks() {
      started.push('ticks');
      yield { tick: 1 };
    }
    const schema = guardedSchema(
      'type Query { x: Int } type Subscription { tick: Int @authenticated }',
      {},
      {
        Subscription: { tick: { subscribe: ticks } },
      },
    );
    const document = parse('subscription { tick }');
    await expect(subscribe({ schema, document, contextValue: anonymous })).resolves.toMatchObject({
      errors: [{ message: 'denied', path: ['tick'] }],
    });
    expect(started).toEqual([]);
    const events = await subscribe({ schema, document, contextValue: authenticated });
    expect(await (events as AsyncGenerator).next()).toMatchObject({ value: { data: { tick: 1 } } });
  });
});

describe('a direct request for entities', () => {
  const schema = guardedSchema(
    `type Query @authenticated { me: Person }
     type Person @key(fields: "id") @authenticated { id: ID! debts: Int @requiresScopes(scopes: [["d"]]) }
     type Shop @key(fields: "id") { id: ID! name: String }`,
    {},
    {
      Person: { __resolveReference: ({ id }: { id: string }) => ({ id, debts: 7 }) },
      Shop: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'open' }) },
    },
  );
  const source = `{
    _entities(representations: [{ __typename: "Person", id: "1" }, { __typename: "Shop", id: "2" }]) {
      ... on Person { debts } ... on Shop { name }
    }
  }`;

  it('is denied fields that the caller may not read', async () => {
    expect(await ask(schema, source, authenticated)).toEqual({
      data: { _entities: [{ debts: null }, { name: 'open' }] },
      denied: ['_entities.0.debts'],
    });
    expect((await ask(schema, source, anonymous)).denied).toEqual(['_entities.0.debts']);
  });

  it('gets the fields that the caller may read', async () => {
    expect(await ask(schema, source, { scopes: ['d'] })).toEqual({
      data: { _entities: [{ debts: 7 }, { name: 'open' }] },
      denied: [],
    });
  });

  it('gets introspection and SDL: the guard leaves them to the server', async () => {
    const { data, denied } = await ask(schema, '{ __schema { queryType { name } } _service { sdl } }', anonymous);
    expect(denied).toEqual([]);
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });
});

describe('the name of a directive', () => {
  const federation = 'https://specs.apollo.dev/federation/v2.9';

  it.each<[string, string, string]>([
    ['renamed', `@link(url: "${federation}", import: [{name: "@requiresScopes", as: "@needsScopes"}])`, '@needsScopes'],
    ['not imported', `@link(url: "${federation}")`, '@federation__requiresScopes'],
    ['of a renamed specification', `@link(url: "${federation}", as: "fed")`, '@fed__requiresScopes'],
  ])('may be %s', async (_what, link, directive) => {
    const schema = guardedSchema(`type Query { x: Int ${directive}(scopes: [["a"]]) }`, {}, {}, link);
    expect((await ask(schema, '{ x }', authenticated, { x: 1 })).denied).toEqual(['x']);
    expect((await ask(schema, '{ x }', { scopes: ['a'] }, { x: 1 })).data).toEqual({ x: 1 });
  });

  it('may be the plain name of another directive', async () => {
    const link = `@link(url: "${federation}", import: [{name: "@authenticated", as: "@policy"}])`;
    const schema = guardedSchema('type Query { x: Int @policy }', {}, {}, link);
    expect((await ask(schema, '{ x }', anonymous, { x: 1 })).denied).toEqual(['x']);
    expect((await ask(schema, '{ x }', authenticated, { x: 1 })).denied).toEqual([]);
  });

  it('is the plain one in a schema without links', async () => {
    const sdl = 'directive @authenticated on FIELD_DEFINITION type Query { x: Int @authenticated }';
    const schema = guardSchema(buildSchema(sdl), guardOptions());
    expect((await ask(schema, '{ x }', anonymous, { x: 1 })).denied).toEqual(['x']);
  });

  it('makes guardSchema throw if no link gives it', () => {
    const sdl = `extend schema @link(url: "${federation}", import: [{name: "@authenticated", as: "@signedIn"}])
      directive @link(url: String!, import: [Import]) repeatable on SCHEMA
      scalar Import
      directive @authenticated on FIELD_DEFINITION
      type Query { x: Int @authenticated }`;
    expect(() => guardSchema(buildSchema(sdl, { assumeValidSDL: true }), guardOptions())).toThrow(
      '@authenticated on Query.x is not imported by any @link',
    );
  });

  it('follows a renamed link directive', async () => {
    const sdl = `schema
        @specLink(url: "https://specs.apollo.dev/link/v1.0", as: "specLink")
        @specLink(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "needsScopes") { query: Query }
      type Query { x: Int @needsScopes(scopes: [["a"]]) }`;
    const schema = guardSchema(buildSchema(sdl, { assumeValidSDL: true }), guardOptions());
    expect((await ask(schema, '{ x }', authenticated, { x: 1 })).denied).toEqual(['x']);
  });

  it('makes guardSchema throw if an unreadable import could give it', () => {
    const sdl = `extend schema @link(url: "${federation}", import: [{ as: "@x" }]) type Query { x: Int }`;
    expect(() => guardSchema(buildSchema(sdl, { assumeValidSDL: true }), guardOptions())).toThrow('cannot be read');
  });
});

describe('guardSchema throws for a directive whose meaning is not clear', () => {
  it.each([
    ['an empty list', '@requiresScopes(scopes: [])', 'an empty list is ambiguous'],
    ['an empty alternative', '@requiresScopes(scopes: [["a"], []])', 'an empty list is ambiguous'],
    ['no policies', '@policy(policies: [])', 'an empty list is ambiguous'],
    ['an empty name', '@requiresScopes(scopes: [[""]])', 'must hold non-empty strings'],
  ])('%s', (_what, directive, message) => {
    expect(() => guardedSchema(`type Query { x: Int ${directive} }`)).toThrow(message);
  });

  it('two requirements on one type', () => {
    const sdl = `directive @requiresScopes(scopes: [[String!]!]!) on OBJECT
      type Query @requiresScopes(scopes: [["a"]]) { x: Int }
      extend type Query @requiresScopes(scopes: [["b"]])`;
    const schema = buildSchema(sdl, { assumeValidSDL: true });
    expect(() => guardSchema(schema, guardOptions())).toThrow('more than once');
  });
});

describe('a field that resolves to null', () => {
  const sdl = `type Query { open: Box person(hasAccount: Boolean!): Person @authenticated people: [Person] @authenticated }
    type Box { x: Int @authenticated }
    type Person { name: String account: Account @authenticated }
    type Account { open: Int balance: Int @requiresScopes(scopes: [["bank"]]) card: Int @policy(policies: [["consent"]]) }`;
  const sources: unknown[] = [];
  const policies = {
    consent: async (input: { source: unknown; context: Caller }) => {
      sources.push(input.source);
      return policyNamed('consent')(input);
    },
  };
  const person = { name: 'Ana', hasAccount: false, account: () => null };
  const personWithAccount = { name: 'Ana', hasAccount: true, account: { open: 1, balance: 2, card: 3 } };
  const answerOf = (query: string, caller: Caller, denyBehindNull = true) =>
    ask(guardedSchema(sdl, { policies, denyBehindNull }), query, caller, {
      open: null,
      people: null,
      person: ({ hasAccount }: { hasAccount: boolean }) => (hasAccount ? personWithAccount : person),
    });
  const query = (fields: string, hasAccount = false) =>
    `{ person(hasAccount: ${hasAccount}) { name account { ${fields} } } }`;
  beforeEach(() => sources.splice(0));

  it.each([
    ['balance', authenticated],
    ['card', { scopes: ['bank'] }],
    ['balance card', authenticated],
    ['... on Account { balance }', authenticated],
    ['balance @include(if: true)', authenticated],
    ['__typename sum: balance', authenticated],
  ])(
    'is denied like an existing object if the caller may read none of the selected fields: %s',
    async (fields, caller) => {
      const answer = await answerOf(query(fields), caller);
      expect(answer).toEqual(await answerOf(query(fields, true), caller));
      expect(answer.denied).not.toEqual([]);
    },
  );

  it('is denied itself if the caller may read some of the selected fields', async () => {
    expect(await answerOf(query('open sum: balance'), authenticated)).toEqual({
      data: { person: { name: 'Ana', account: null } },
      denied: ['person.account'],
    });
  });

  it('is denied or not by the arguments of the selected field, as for an existing object', async () => {
    const schema = guardedSchema(
      `type Query { box: Box @authenticated } type Box { page(size: Int = 1): Int @policy(policies: [["small"]]) }`,
      { denyBehindNull: true, policies: { small: ({ args }) => (args['size'] as number) < 10 } },
    );
    const deniedIn = async (fields: string, box: object | null) =>
      (await ask(schema, `{ box { ${fields} } }`, authenticated, { box })).denied;
    for (const box of [null, { page: 1 }]) {
      expect(await deniedIn('page', box)).toEqual([]);
      expect(await deniedIn('page(size: 10)', box)).toEqual(['box.page']);
    }
  });

  it('is denied for fields in named fragments too, in time linear in the document', async () => {
    const levels = Array.from({ length: 40 }, (_, n) => `fragment F${n} on Account { ...F${n + 1} ...F${n + 1} }`);
    const answer = await answerOf(
      `${query('...F0 open')} ${levels.join(' ')} fragment F40 on Account { balance }`,
      authenticated,
    );
    expect(answer.denied).toEqual(['person.account']);
  });

  it.each([
    ['open', authenticated],
    ['balance card', { scopes: ['bank'], policies: ['consent'] }],
    ['open balance @skip(if: true)', authenticated],
    ['open balance @include(if: false)', authenticated],
  ])('stays null if the caller may read all selected fields: %s', async (fields, caller) => {
    expect(await answerOf(query(fields), caller)).toEqual({
      data: { person: { name: 'Ana', account: null } },
      denied: [],
    });
  });

  it('is decided with the parent as the source', async () => {
    await answerOf(query('card'), { scopes: [] });
    expect(new Set(sources)).toEqual(new Set([person]));
  });

  it('stays null if it returns a list or has no requirement', async () => {
    expect((await answerOf('{ open { x } people { account { balance } } }', authenticated)).denied).toEqual([]);
  });

  it('stays null by default', async () => {
    expect((await answerOf(query('balance'), authenticated, false)).denied).toEqual([]);
  });
});
