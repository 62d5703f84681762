import { graphql } from 'graphql';
import type { Denial } from '../../src/index.ts';
import { guardedSchema, policyNamed, type Caller } from './guarded-subgraph.ts';

const sdl = `type Query {
  open: Int
  token: Int @authenticated
  one: Int @requiresScopes(scopes: [["a"]])
  either: Int @requiresScopes(scopes: [["a", "b", "c"], ["d", "e"]])
  policy: Int @policy(policies: [["p", "q"], ["r"]])
  both: Int @requiresScopes(scopes: [["a"]]) @policy(policies: [["p"]])
  box: Box @authenticated
}
type Box { x: Int @requiresScopes(scopes: [["a"]]) y: Int @requiresScopes(scopes: [["b"]]) z: Int @policy(policies: [["p"]]) w: Int }`;

/** Gives the denials by the paths of their fields. */
async function denialsOf(source: string, caller: Caller, isOwn = true): Promise<Record<string, Denial>> {
  class DeniedError extends Error {
    readonly denial: Denial;
    constructor(denial: Denial) {
      super('denied');
      this.denial = denial;
    }
  }
  const schema = guardedSchema(sdl, {
    policies: { p: policyNamed('p'), q: async (input) => policyNamed('q')(input), r: policyNamed('r') },
    allow: () => isOwn,
    denyBehindNull: true,
    toError: (denial) => new DeniedError(denial),
  });
  const { errors = [] } = await graphql({ schema, source, contextValue: caller, rootValue: {} });
  return Object.fromEntries(
    errors.map(({ path, originalError }) => [path!.join('.'), (originalError as DeniedError).denial]),
  );
}

describe('A denial names the rule that failed', () => {
  it.each<[string, string, Caller, Denial]>([
    ['no token', '{ token }', {}, { by: 'token' }],
    ['no token, where scopes are required', '{ one }', {}, { by: 'token' }],
    ['the single required scope', '{ one }', { scopes: ['x'] }, { by: 'scopes', scopes: ['a'] }],
    [
      'the alternative that lacks the fewest scopes',
      '{ either }',
      { scopes: ['d'] },
      { by: 'scopes', scopes: ['d', 'e'] },
    ],
    [
      'the first of two alternatives that lack as many',
      '{ either }',
      { scopes: ['a'] },
      { by: 'scopes', scopes: ['a', 'b', 'c'] },
    ],
    [
      'all policies of the field',
      '{ policy }',
      { scopes: [], policies: ['p'] },
      { by: 'policies', policies: ['p', 'q', 'r'] },
    ],
    ['the scope before the policy', '{ both }', { scopes: [] }, { by: 'scopes', scopes: ['a'] }],
  ])('%s', async (_, source, caller, denial) => {
    expect(Object.values(await denialsOf(source, caller))).toEqual([denial]);
  });

  it('`allow`, which the guard checks after the scopes and before the policies', async () => {
    const caller = { scopes: ['a'] };
    expect(await denialsOf('{ both }', caller, false)).toEqual({ both: { by: 'allow' } });
    expect(await denialsOf('{ both }', caller, true)).toEqual({ both: { by: 'policies', policies: ['p'] } });
  });

  it('behind a null: one for each field, or one for all where the caller may read some field', async () => {
    expect(await denialsOf('{ box { z y } }', { scopes: [] })).toEqual({
      'box.z': { by: 'policies', policies: ['p'] },
      'box.y': { by: 'scopes', scopes: ['b'] },
    });
    expect(await denialsOf('{ box { w z y x } }', { scopes: [] })).toEqual({
      box: { by: 'scopes', scopes: ['b', 'a'] },
    });
    expect(await denialsOf('{ box { w z } }', { scopes: [] })).toEqual({ box: { by: 'policies', policies: ['p'] } });
  });
});
