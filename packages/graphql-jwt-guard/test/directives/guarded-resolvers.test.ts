import { buildSchema, parse, subscribe } from 'graphql';
import { guardSchema } from '../../src/index.ts';
import { ask, guarded, guardOptions, held, subgraph, type Caller } from './guarded-subgraph.ts';

const nobody: Caller = {};
const anybody: Caller = { scopes: [] };

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
  const policies = { p: async (input: { context: Caller }) => held('p')(input) };
  beforeEach(() => calls.splice(0));

  it('of a denied field does not run', async () => {
    await ask(guarded(sdl, { policies }, resolvers), '{ x y z }', nobody);
    expect(calls).toEqual(['z']);
  });

  it('of a granted field runs once', async () => {
    await ask(guarded(sdl, { policies }, resolvers), '{ x y z }', { scopes: [], policies: ['p'] });
    expect(calls.sort()).toEqual(['x', 'y', 'z']);
  });

  it('of a field without requirement is left as it is', () => {
    const schema = subgraph(sdl, resolvers);
    const before = schema.getQueryType()?.getFields()['z']?.resolve;
    expect(guardSchema(schema, guardOptions({ policies }))).toBe(schema);
    expect(schema.getQueryType()?.getFields()['z']?.resolve).toBe(before);
  });

  it('is changed in no field when the schema cannot be guarded', () => {
    const schema = subgraph(sdl, resolvers);
    const before = schema.getQueryType()?.getFields()['x']?.resolve;
    expect(() => guardSchema(schema, guardOptions())).toThrow('unknown policy');
    expect(schema.getQueryType()?.getFields()['x']?.resolve).toBe(before);
  });

  it('of a subscription does not run either', async () => {
    const started: string[] = [];
    async function* ticks() {
      started.push('ticks');
      yield { tick: 1 };
    }
    const schema = guarded(
      'type Query { x: Int } type Subscription { tick: Int @authenticated }',
      {},
      {
        Subscription: { tick: { subscribe: ticks } },
      },
    );
    const document = parse('subscription { tick }');
    await expect(subscribe({ schema, document, contextValue: nobody })).resolves.toMatchObject({
      errors: [{ message: 'denied', path: ['tick'] }],
    });
    expect(started).toEqual([]);
    const events = await subscribe({ schema, document, contextValue: anybody });
    expect(await (events as AsyncGenerator).next()).toMatchObject({ value: { data: { tick: 1 } } });
  });
});

describe('a subgraph that is asked for entities directly', () => {
  const schema = guarded(
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

  it('gives no more than through the router', async () => {
    expect(await ask(schema, source, anybody)).toEqual({
      data: { _entities: [{ debts: null }, { name: 'open' }] },
      denied: ['_entities.0.debts'],
    });
    expect((await ask(schema, source, nobody)).denied).toEqual(['_entities.0.debts']);
  });

  it('gives what the caller may have', async () => {
    expect(await ask(schema, source, { scopes: ['d'] })).toEqual({
      data: { _entities: [{ debts: 7 }, { name: 'open' }] },
      denied: [],
    });
  });

  it('still introspects and gives its SDL, for whoever lets the caller in to decide', async () => {
    const { data, denied } = await ask(schema, '{ __schema { queryType { name } } _service { sdl } }', nobody);
    expect(denied).toEqual([]);
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });
});

describe('the name of a directive', () => {
  const federation = 'https://specs.apollo.dev/federation/v2.9';

  it.each<[string, string, string]>([
    ['renamed', `@link(url: "${federation}", import: [{name: "@requiresScopes", as: "@escopos"}])`, '@escopos'],
    ['not imported', `@link(url: "${federation}")`, '@federation__requiresScopes'],
    ['of a renamed specification', `@link(url: "${federation}", as: "fed")`, '@fed__requiresScopes'],
  ])('may be %s', async (_what, link, directive) => {
    const schema = guarded(`type Query { x: Int ${directive}(scopes: [["a"]]) }`, {}, {}, link);
    expect((await ask(schema, '{ x }', anybody, { x: 1 })).denied).toEqual(['x']);
    expect((await ask(schema, '{ x }', { scopes: ['a'] }, { x: 1 })).data).toEqual({ x: 1 });
  });

  it('may be given to another directive’s meaning', async () => {
    const link = `@link(url: "${federation}", import: [{name: "@authenticated", as: "@policy"}])`;
    const schema = guarded('type Query { x: Int @policy }', {}, {}, link);
    expect((await ask(schema, '{ x }', nobody, { x: 1 })).denied).toEqual(['x']);
    expect((await ask(schema, '{ x }', anybody, { x: 1 })).denied).toEqual([]);
  });

  it('is the plain one in a schema that links nothing', async () => {
    const sdl = 'directive @authenticated on FIELD_DEFINITION type Query { x: Int @authenticated }';
    const schema = guardSchema(buildSchema(sdl), guardOptions());
    expect((await ask(schema, '{ x }', nobody, { x: 1 })).denied).toEqual(['x']);
  });

  it('is never overlooked: one that no link names keeps the schema from being guarded', () => {
    const sdl = `extend schema @link(url: "${federation}", import: [{name: "@authenticated", as: "@entrada"}])
      directive @link(url: String!, import: [Import]) repeatable on SCHEMA
      scalar Import
      directive @authenticated on FIELD_DEFINITION
      type Query { x: Int @authenticated }`;
    expect(() => guardSchema(buildSchema(sdl, { assumeValidSDL: true }), guardOptions())).toThrow(
      '@authenticated on Query.x is not imported by any @link',
    );
  });

  it('is found where the link directive itself is renamed', async () => {
    const sdl = `schema
        @vinculo(url: "https://specs.apollo.dev/link/v1.0", as: "vinculo")
        @vinculo(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "escopos") { query: Query }
      type Query { x: Int @escopos(scopes: [["a"]]) }`;
    const schema = guardSchema(buildSchema(sdl, { assumeValidSDL: true }), guardOptions());
    expect((await ask(schema, '{ x }', anybody, { x: 1 })).denied).toEqual(['x']);
  });

  it('cannot hide behind an import that cannot be read', () => {
    const sdl = `extend schema @link(url: "${federation}", import: [{ as: "@x" }]) type Query { x: Int }`;
    expect(() => guardSchema(buildSchema(sdl, { assumeValidSDL: true }), guardOptions())).toThrow('cannot be read');
  });
});

describe('a directive whose meaning is not certain keeps the schema from being guarded', () => {
  it.each([
    ['an empty list', '@requiresScopes(scopes: [])', 'an empty list is ambiguous'],
    ['an empty alternative', '@requiresScopes(scopes: [["a"], []])', 'an empty list is ambiguous'],
    ['no policies', '@policy(policies: [])', 'an empty list is ambiguous'],
    ['an empty name', '@requiresScopes(scopes: [[""]])', 'must hold non-empty strings'],
  ])('%s', (_what, directive, message) => {
    expect(() => guarded(`type Query { x: Int ${directive} }`)).toThrow(message);
  });

  it('two requirements on one type', () => {
    const sdl = `directive @requiresScopes(scopes: [[String!]!]!) on OBJECT
      type Query @requiresScopes(scopes: [["a"]]) { x: Int }
      extend type Query @requiresScopes(scopes: [["b"]])`;
    const schema = buildSchema(sdl, { assumeValidSDL: true });
    expect(() => guardSchema(schema, guardOptions())).toThrow('more than once');
  });
});

describe('a null', () => {
  const sdl = `type Query { open: Box person(isKnown: Boolean!): Person @authenticated people: [Person] @authenticated }
    type Box { x: Int @authenticated }
    type Person { name: String account: Account @authenticated }
    type Account { open: Int balance: Int @requiresScopes(scopes: [["bank"]]) card: Int @policy(policies: [["consent"]]) }`;
  const asked: unknown[] = [];
  const policies = {
    consent: async (input: { source: unknown; context: Caller }) => {
      asked.push(input.source);
      return held('consent')(input);
    },
  };
  const person = { name: 'Ana', isKnown: false, account: () => null };
  const known = { name: 'Ana', isKnown: true, account: { open: 1, balance: 2, card: 3 } };
  const answerOf = (query: string, caller: Caller, denyBehindNull = true) =>
    ask(guarded(sdl, { policies, denyBehindNull }), query, caller, {
      open: null,
      people: null,
      person: ({ isKnown }: { isKnown: boolean }) => (isKnown ? known : person),
    });
  const query = (fields: string, isKnown = false) => `{ person(isKnown: ${isKnown}) { name account { ${fields} } } }`;
  beforeEach(() => asked.splice(0));

  it.each([
    ['balance', anybody],
    ['card', { scopes: ['bank'] }],
    ['balance card', anybody],
    ['... on Account { balance }', anybody],
    ['balance @include(if: true)', anybody],
    ['__typename sum: balance', anybody],
  ])(
    'is refused field by field, as an object that is there, to who may read none of it: %s',
    async (fields, caller) => {
      const answer = await answerOf(query(fields), caller);
      expect(answer).toEqual(await answerOf(query(fields, true), caller));
      expect(answer.denied).not.toEqual([]);
    },
  );

  it('is denied itself to who may read some of it', async () => {
    expect(await answerOf(query('open sum: balance'), anybody)).toEqual({
      data: { person: { name: 'Ana', account: null } },
      denied: ['person.account'],
    });
  });

  it('is denied through a named fragment too, in as much time as the document is long', async () => {
    const levels = Array.from({ length: 40 }, (_, n) => `fragment F${n} on Account { ...F${n + 1} ...F${n + 1} }`);
    const answer = await answerOf(
      `${query('...F0 open')} ${levels.join(' ')} fragment F40 on Account { balance }`,
      anybody,
    );
    expect(answer.denied).toEqual(['person.account']);
  });

  it.each([
    ['open', anybody],
    ['balance card', { scopes: ['bank'], policies: ['consent'] }],
    ['open balance @skip(if: true)', anybody],
    ['open balance @include(if: false)', anybody],
  ])('is a null to who may read all that was asked of it: %s', async (fields, caller) => {
    expect(await answerOf(query(fields), caller)).toEqual({
      data: { person: { name: 'Ana', account: null } },
      denied: [],
    });
  });

  it('is decided about the parent, which carries who it is about', async () => {
    await answerOf(query('card'), { scopes: [] });
    expect(new Set(asked)).toEqual(new Set([person]));
  });

  it('of a list, or of a field without requirement, stays a null', async () => {
    expect((await answerOf('{ open { x } people { account { balance } } }', anybody)).denied).toEqual([]);
  });

  it('stays a null unless the options say otherwise', async () => {
    expect((await answerOf(query('balance'), anybody, false)).denied).toEqual([]);
  });
});
