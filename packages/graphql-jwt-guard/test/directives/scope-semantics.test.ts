import fc from 'fast-check';
import { isSatisfied, type AnyOf } from '../../src/index.ts';
import { ask, guardedSchema, policyNamed, type Caller } from './guarded-subgraph.ts';

const NAMES = ['a', 'b', 'c', 'd'];

const anyOf: fc.Arbitrary<AnyOf> = fc.array(fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});
const heldNames = fc.uniqueArray(fc.constantFrom(...NAMES));

/** The same rule with bits: an alternative holds if the caller lacks none of its bits. */
const bits = (names: readonly string[]): number => names.reduce((sum, name) => sum | (1 << NAMES.indexOf(name)), 0);
const byBits = (alternatives: AnyOf, names: readonly string[]): boolean =>
  alternatives.some((allOf) => (bits(allOf) & ~bits(names)) === 0);

describe('scopes and policies', () => {
  it('are an OR of ANDs', () => {
    fc.assert(
      fc.property(anyOf, heldNames, (alternatives, names) => {
        expect(isSatisfied(alternatives, new Set(names))).toBe(byBits(alternatives, names));
      }),
    );
  });

  it('never deny a caller because it holds more', () => {
    fc.assert(
      fc.property(anyOf, heldNames, heldNames, (alternatives, fewerNames, furtherNames) => {
        fc.pre(isSatisfied(alternatives, new Set(fewerNames)));
        expect(isSatisfied(alternatives, new Set([...fewerNames, ...furtherNames]))).toBe(true);
      }),
    );
  });

  it('of field, type and scalar must all hold, and only then the resolver runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ field: anyOf, type: anyOf, scalar: anyOf, policies: anyOf }),
        fc.record({ scopes: heldNames, policies: heldNames }),
        fc.boolean(),
        async (rules, caller, isLater) => {
          let runs = 0;
          const scopes = (alternatives: AnyOf) => `@requiresScopes(scopes: ${JSON.stringify(alternatives)})`;
          const schema = guardedSchema(
            `type Query { thing: Thing }
             type Thing @policy(policies: ${JSON.stringify(rules.policies)}) { x: Int, y: S ${scopes(rules.field)} }
             extend type Thing ${scopes(rules.type)}
             scalar S ${scopes(rules.scalar)}`,
            {
              policies: Object.fromEntries(
                NAMES.map((name) => [
                  name,
                  (input: { context: Caller }) =>
                    isLater ? Promise.resolve(policyNamed(name)(input)) : policyNamed(name)(input),
                ]),
              ),
            },
            { Thing: { y: () => (runs += 1) } },
          );
          const expected =
            [rules.field, rules.type, rules.scalar].every((alternatives) => byBits(alternatives, caller.scopes)) &&
            byBits(rules.policies, caller.policies);
          const { data } = await ask(schema, '{ thing { y } }', caller, { thing: {} });
          expect(runs).toBe(expected ? 1 : 0);
          expect(data).toEqual(
            expected ? { thing: { y: 1 } } : { thing: byBits(rules.type, caller.scopes) ? { y: null } : null },
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
