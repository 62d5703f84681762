import { graphql } from 'graphql';
import type { Denial } from '../../src/index.ts';
import { guarded, held, type Caller } from './guarded-subgraph.ts';

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

/** Which rules denied, by the path of the field. */
async function denialsOf(source: string, caller: Caller, isOwn = true): Promise<Record<string, Denial>> {
  class DeniedError extends Error {
    readonly denial: Denial;
    constructor(denial: Denial) {
      super('denied');
      this.denial = denial;
    }
  }
  const schema = guarded(sdl, {
    policies: { p: held('p'), q: async (input) => held('q')(input), r: held('r') },
    allow: () => isOwn,
    denyBehindNull: true,
    toError: (denial) => new DeniedError(denial),
  });
  const { errors = [] } = await graphql({ schema, source, contextValue: caller, rootValue: {} });
  return Object.fromEntries(
    errors.map(({ path, originalError }) => [path!.join('.'), (originalError as DeniedError).denial]),
  );
}

describe('A denial says which rule it was', () => {
  it.each<[string, string, Caller, Denial]>([
    ['no token', '{ token }', {}, { by: 'token' }],
    ['no token, where scopes are asked for', '{ one }', {}, { by: 'token' }],
    ['the one scope', '{ one }', { scopes: ['x'] }, { by: 'scopes', scopes: ['a'] }],
    ['the alternative that lacks least', '{ either }', { scopes: ['d'] }, { by: 'scopes', scopes: ['d', 'e'] }],
    ['the first of two that lack as much', '{ either }', { scopes: ['a'] }, { by: 'scopes', scopes: ['a', 'b', 'c'] }],
    ['policies', '{ policy }', { scopes: [], policies: ['p'] }, { by: 'policies', policies: ['p', 'q', 'r'] }],
    ['the scope before the policy', '{ both }', { scopes: [] }, { by: 'scopes', scopes: ['a'] }],
  ])('%s', async (_, source, caller, denial) => {
    expect(Object.values(await denialsOf(source, caller))).toEqual([denial]);
  });

  it('one’s own record, after the scopes and before the policies', async () => {
    const caller = { scopes: ['a'] };
    expect(await denialsOf('{ both }', caller, false)).toEqual({ both: { by: 'allow' } });
    expect(await denialsOf('{ both }', caller, true)).toEqual({ both: { by: 'policies', policies: ['p'] } });
  });

  it('behind a null at each field, or of the rule that is asked first where some field may be read', async () => {
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
