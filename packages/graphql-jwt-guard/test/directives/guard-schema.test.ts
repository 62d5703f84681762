import { buildSchema } from 'graphql';
import { guardSchema, type PolicyInput } from '../../src/index.ts';
import { ask, guardedSchema, guardOptions, policyNamed, type Caller } from './guarded-subgraph.ts';

const anonymous: Caller = {};
const authenticated: Caller = { scopes: [] };
const having = (...scopes: string[]): Caller => ({ scopes });

describe('@authenticated', () => {
  const schema = guardedSchema('type Query { open: Int closed: Int @authenticated must: Int! @authenticated }');
  const root = { open: 1, closed: 2, must: 3 };

  it('denies a field to a caller without a token, at its path, and no other field', async () => {
    expect(await ask(schema, '{ open a: closed }', anonymous, root)).toEqual({
      data: { open: 1, a: null },
      denied: ['a'],
    });
  });

  it('grants a field to every caller with a token, even without scopes', async () => {
    expect(await ask(schema, '{ open closed }', authenticated, root)).toEqual({
      data: { open: 1, closed: 2 },
      denied: [],
    });
  });

  it('denies a non-null field together with its parent', async () => {
    expect(await ask(schema, '{ open must }', anonymous, root)).toEqual({ data: null, denied: ['must'] });
  });
});

describe('@requiresScopes', () => {
  const schema = guardedSchema('type Query { x: Int @requiresScopes(scopes: [["a", "b"], ["c"]]) }');

  it.each<[string, Caller, boolean]>([
    ['no token', anonymous, false],
    ['no scope', authenticated, false],
    ['a part of an alternative', having('a'), false],
    ['a whole alternative', having('b', 'a', 'z'), true],
    ['another alternative', having('c'), true],
    ['a scope whose name only begins with the required one', having('cc'), false],
  ])('with %s', async (_what, caller, isGranted) => {
    const answer = await ask(schema, '{ x }', caller, { x: 1 });
    expect(answer).toEqual(isGranted ? { data: { x: 1 }, denied: [] } : { data: { x: null }, denied: ['x'] });
  });

  it('reads a single string as a list of that string, as GraphQL does', async () => {
    const sdl = 'type Query { x: Int @requiresScopes(scopes: "a") y: Int @requiresScopes(scopes: ["a", "b"]) }';
    const answer = await ask(guardedSchema(sdl), '{ x y }', having('b'), { x: 1, y: 2 });
    expect(answer).toEqual({ data: { x: null, y: 2 }, denied: ['x'] });
  });
});

describe('@policy', () => {
  const policies = {
    p: policyNamed('p'),
    q: policyNamed('q'),
    later: async (input: PolicyInput<Caller>) => policyNamed('later')(input),
  };
  const sdl = 'type Query { x(of: Int): Int @policy(policies: [["p", "q"], ["later", "p"], ["later"]]) }';

  it.each<[string, string[], boolean]>([
    ['nothing held', [], false],
    ['a part of an alternative', ['p'], false],
    ['a whole alternative', ['p', 'q'], true],
    ['an alternative whose policy is asynchronous', ['later'], true],
  ])('with %s', async (_what, names, isGranted) => {
    const caller = { scopes: [], policies: names };
    const { denied } = await ask(guardedSchema(sdl, { policies }), '{ x }', caller, { x: 1 });
    expect(denied).toEqual(isGranted ? [] : ['x']);
  });

  it('gets the object, the arguments, the caller and the field', async () => {
    const inputs: unknown[] = [];
    const p = ({ source, args, context, info }: PolicyInput<Caller>): boolean =>
      inputs.push({ source, args, context, fieldName: info.fieldName }) > 0;
    await ask(guardedSchema(sdl, { policies: { ...policies, p, q: p } }), '{ x(of: 7) }', authenticated, { x: 1 });
    const input = { source: { x: 1 }, args: { of: 7 }, context: authenticated, fieldName: 'x' };
    expect(inputs).toEqual([input, input]);
  });

  it('grants only with true', async () => {
    for (const answer of ['yes', 1, {}, null, undefined, Promise.resolve('yes')]) {
      const p = (): boolean => answer as unknown as boolean;
      const schema = guardedSchema('type Query { x: Int @policy(policies: [["p"]]) }', { policies: { p } });
      const asking = ask(schema, '{ x }', authenticated, { x: 1 });
      // A value that is no decision may be an error of the field. It never grants.
      await expect(asking.catch(() => ({ data: { x: null } }))).resolves.toMatchObject({ data: { x: null } });
    }
  });

  it('denies if it rejects, and the field has its error', async () => {
    const p = (): Promise<boolean> => Promise.reject(new Error('the consent base is down'));
    const schema = guardedSchema('type Query { x: Int @policy(policies: [["p"]]) }', { policies: { p } });
    await expect(ask(schema, '{ x }', authenticated, { x: 1 })).rejects.toThrow('the consent base is down');
  });

  it('does not run if scopes already deny', async () => {
    const p = (): boolean => {
      throw new Error('the policy ran');
    };
    const both = 'type Query { x: Int @requiresScopes(scopes: [["a"]]) @policy(policies: [["p"]]) }';
    expect((await ask(guardedSchema(both, { policies: { p } }), '{ x }', authenticated)).denied).toEqual(['x']);
  });

  it('makes guardSchema throw if the options lack it', () => {
    for (const name of ['absent', 'toString', '__proto__']) {
      const misspelt = `type Query { x: Int @policy(policies: [["p"], ["${name}"]]) }`;
      expect(() => guardedSchema(misspelt, { policies })).toThrow(`Query.x names the unknown policy "${name}"`);
    }
  });
});

describe('a requirement', () => {
  it('of a type holds at each of its fields, together with that of the field', async () => {
    const schema = guardedSchema(`
      type Query { thing: Thing }
      type Thing @requiresScopes(scopes: [["t"]]) { plain: Int own: Int @requiresScopes(scopes: [["f"]]) }
    `);
    const root = { thing: { plain: 1, own: 2 } };
    const source = '{ thing { plain own } }';
    expect(await ask(schema, source, having('t', 'f'), root)).toEqual({ data: root, denied: [] });
    expect(await ask(schema, source, having('t'), root)).toEqual({
      data: { thing: { plain: 1, own: null } },
      denied: ['thing.own'],
    });
    expect((await ask(schema, source, having('f'), root)).data).toEqual({ thing: null });
  });

  it('of a type hides whether an object exists', async () => {
    const schema = guardedSchema('type Query { thing: [Thing] } type Thing @authenticated { x: Int }');
    const answer = await ask(schema, '{ thing { __typename } }', anonymous, { thing: [{ x: 1 }] });
    expect(answer).toEqual({ data: { thing: null }, denied: ['thing'] });
  });

  it('of an extension is one of the type', async () => {
    const schema = guardedSchema(`
      type Query { thing: Thing }
      type Thing { x: Int }
      extend type Thing @authenticated { y: Int @requiresScopes(scopes: [["y"]]) }
    `);
    expect((await ask(schema, '{ thing { x } }', anonymous, { thing: { x: 1 } })).data).toEqual({ thing: null });
    expect(await ask(schema, '{ thing { x y } }', authenticated, { thing: { x: 1, y: 2 } })).toEqual({
      data: { thing: { x: 1, y: null } },
      denied: ['thing.y'],
    });
  });

  it('of a scalar or an enum holds at every field that returns it, in lists too', async () => {
    const schema = guardedSchema(`
      type Query { s: [Secret!] e: Grade x: Int }
      scalar Secret @requiresScopes(scopes: [["s"]])
      enum Grade @requiresScopes(scopes: [["e"]]) { A B }
    `);
    const root = { s: ['v'], e: 'A', x: 1 };
    expect(await ask(schema, '{ s e x }', having('e'), root)).toEqual({
      data: { s: null, e: 'A', x: 1 },
      denied: ['s'],
    });
  });

  it('of every implementer holds at a field that is selected on their interface', async () => {
    const schema = guardedSchema(`
      type Query { node: Node }
      interface Node { id: ID x: Int }
      type A implements Node @requiresScopes(scopes: [["a"]]) { id: ID x: Int }
      type B implements Node @requiresScopes(scopes: [["b"]]) { id: ID x: Int }
      type C implements Node { id: ID x: Int @requiresScopes(scopes: [["c"]]) }
    `);
    const root = { node: { __typename: 'A', id: '1', x: 2 } };
    const deniedTo = async (caller: Caller, query: string) => (await ask(schema, query, caller, root)).denied;
    expect(await deniedTo(having('a'), '{ node { __typename } }')).toEqual([]);
    expect(await deniedTo(having('a'), '{ node { id } }')).toEqual(['node.id']);
    expect(await deniedTo(having('a'), '{ node { ... { ...F } } } fragment F on Node { id }')).toEqual(['node.id']);
    expect(await deniedTo(having('a'), '{ node { ... on A { id } ... on B { id } } }')).toEqual([]);
    expect(await deniedTo(having('a'), '{ node { ... on A { ... on Node { id } } } }')).toEqual(['node.id']);
    expect(await deniedTo(having('a', 'b'), '{ node { id x } }')).toEqual(['node.x']);
    expect(await deniedTo(having('a', 'b', 'c'), '{ node { id x } }')).toEqual([]);
  });

  it('holds at a key that is selected on an object and on its interface, if either is denied', async () => {
    const schema = guardedSchema(`
      type Query { node: Node }
      interface Node { id: ID }
      type A implements Node { id: ID }
      type B implements Node @authenticated { id: ID }
    `);
    const root = { node: { __typename: 'A', id: '1' } };
    expect((await ask(schema, '{ node { ... on A { id } } }', anonymous, root)).denied).toEqual([]);
    expect((await ask(schema, '{ node { ... on A { id } id } }', anonymous, root)).denied).toEqual(['node.id']);
  });

  it('of an interface and its fields holds for every type that implements it', async () => {
    const schema = guardSchema(
      buildSchema(`
        directive @authenticated on INTERFACE
        directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
        type Query { thing: Thing any: Any }
        union Any = Thing
        interface Node @authenticated { x: Int y: Int @requiresScopes(scopes: [["y"]]) }
        type Thing implements Node { x: Int y: Int z: Int }
      `),
      guardOptions(),
    );
    const thing = { __typename: 'Thing', x: 1, y: 2, z: 3 };
    expect((await ask(schema, '{ thing { z } }', anonymous, { thing })).denied).toEqual(['thing']);
    expect((await ask(schema, '{ any { ... on Thing { z } } }', anonymous, { any: thing })).denied).toEqual(['any.z']);
    expect(await ask(schema, '{ thing { x y z } }', authenticated, { thing })).toEqual({
      data: { thing: { x: 1, y: null, z: 3 } },
      denied: ['thing.y'],
    });
  });

  it('of a member of a union holds only at the fields of that member', async () => {
    const schema = guardedSchema(`
      type Query { any: [Any] }
      union Any = Open | Closed
      type Open { x: Int }
      type Closed @authenticated { y: Int }
    `);
    const root = {
      any: [
        { __typename: 'Open', x: 1 },
        { __typename: 'Closed', y: 2 },
      ],
    };
    const answer = await ask(schema, '{ any { ... on Open { x } ... on Closed { y } } }', anonymous, root);
    expect(answer).toEqual({ data: { any: [{ x: 1 }, { y: null }] }, denied: ['any.1.y'] });
  });

  it('by a policy on an object type gets that object, not its parent', async () => {
    const owned = ({ source }: PolicyInput<Caller>): boolean => (source as { owner?: string }).owner === 'ana';
    const schema = guardedSchema(
      'type Query { things: [Thing] } type Thing @policy(policies: [["owned"]]) { owner: String }',
      {
        policies: { owned },
      },
    );
    const answer = await ask(schema, '{ things { owner } }', authenticated, {
      things: [{ owner: 'ana' }, { owner: 'bia' }],
    });
    expect(answer).toEqual({ data: { things: [{ owner: 'ana' }, { owner: null }] }, denied: ['things.1.owner'] });
  });
});

describe('the option `allow`', () => {
  it('is called for guarded fields only, and cannot grant what a requirement denies', async () => {
    const checkedFields: string[] = [];
    const schema = guardedSchema(
      `type Query { me: Person }
       type Person @authenticated { name: String debts: Int @requiresScopes(scopes: [["d"]]) pet: Pet }
       type Pet { name: String }`,
      {
        allow: ({ source, parentType, fieldName }) => {
          checkedFields.push(`${parentType.name}.${fieldName}`);
          return (source as { name: string }).name === 'ana' || fieldName === 'name';
        },
      },
    );
    const source = '{ me { name debts pet { name } } }';
    const me = (name: string) => ({ me: { name, debts: 1, pet: { name: 'rex' } } });
    expect(await ask(schema, source, having('d'), me('ana'))).toEqual({ data: me('ana'), denied: [] });
    expect(checkedFields).toEqual(['Person.name', 'Person.debts', 'Person.pet']);
    const denied = { me: { name: 'bia', debts: null, pet: null } };
    expect((await ask(schema, source, having('d'), me('bia'))).data).toEqual(denied);
    expect((await ask(schema, source, authenticated, me('ana'))).denied).toEqual(['me.debts']);
  });
});
