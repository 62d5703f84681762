import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { parse } from 'graphql';
import { assertStripped, stripAuthorization } from '../../src/index.ts';

// The gateway reads it in its constructor. Without it, the gateway reports to its vendor.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

function compose(subgraphs: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'the subgraphs do not compose');
  return supergraphSdl;
}

/** Resolves to the name of the query type if the gateway can serve this supergraph; else it rejects. */
async function load(supergraphSdl: string): Promise<string | undefined> {
  const gateway = new ApolloGateway({ supergraphSdl, logger: silent });
  try {
    const { schema } = await gateway.load();
    return schema.getQueryType()?.name;
  } finally {
    await gateway.stop();
  }
}
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const federation = 'https://specs.apollo.dev/federation/v2.9';
const plainLink = `@link(url: "${federation}", import: ["@key", "@authenticated", "@requiresScopes", "@policy"])`;
const EVERY_ELEMENT = `
  type Query { node: Node thing: Thing @authenticated open: Int secret: Secret grade: Grade }
  interface Node { id: ID! x: Int }
  type Thing implements Node @key(fields: "id") @requiresScopes(scopes: [["t"]]) {
    id: ID!
    x: Int @policy(policies: [["p", "q"], ["r"]])
  }
  scalar Secret @requiresScopes(scopes: [["s"], ["z", "y"]])
  enum Grade @authenticated { A }
`;

describe('stripping', () => {
  const expected = {
    types: {
      Thing: { authenticated: false, scopes: [['t']] },
      // Composition gives an interface the requirements of its implementers.
      Node: { authenticated: false, scopes: [['t']] },
      Secret: { authenticated: false, scopes: [['s'], ['z', 'y']] },
      Grade: { authenticated: true },
    },
    fields: {
      'Query.thing': { authenticated: true },
      'Thing.x': { authenticated: false, policies: [['p', 'q'], ['r']] },
      'Node.x': { authenticated: false, policies: [['p', 'q'], ['r']] },
    },
  };

  it.each<[string, string, (sdl: string) => string]>([
    ['plain', plainLink, (sdl) => sdl],
    [
      'renamed',
      `@link(url: "${federation}", import: ["@key", {name: "@authenticated", as: "@signedIn"},
        {name: "@requiresScopes", as: "@needsScopes"}, {name: "@policy", as: "@rulebook"}])`,
      (sdl) =>
        sdl
          .replaceAll('@authenticated', '@signedIn')
          .replaceAll('@requiresScopes', '@needsScopes')
          .replaceAll('@policy', '@rulebook'),
    ],
    [
      'prefixed',
      `@link(url: "${federation}", import: ["@key"])`,
      (sdl) => sdl.replace(/@(authenticated|requiresScopes|policy)/g, '@federation__$1'),
    ],
    [
      'exchanged',
      `@link(url: "${federation}", import: ["@key", {name: "@authenticated", as: "@policy"},
        {name: "@requiresScopes", as: "@authenticated"}, {name: "@policy", as: "@requiresScopes"}])`,
      (sdl) =>
        sdl.replace(/@(authenticated|requiresScopes|policy)/g, (_all, name: string) => {
          const names: Record<string, string> = {
            authenticated: 'policy',
            requiresScopes: 'authenticated',
            policy: 'requiresScopes',
          };
          return `@${names[name]}`;
        }),
    ],
  ])('finds %s directives, on types, interfaces, fields, scalars and enums', async (_what, link, rename) => {
    const { sdl, requirements } = stripAuthorization(compose({ a: `extend schema ${link}\n${rename(EVERY_ELEMENT)}` }));
    expect(Object.fromEntries(requirements.types)).toEqual(expected.types);
    expect(Object.fromEntries(requirements.fields)).toEqual(expected.fields);
    expect(sdl).not.toMatch(/authenticated|requiresScopes|policy|signedIn|needsScopes|rulebook/i);
    await expect(load(sdl)).resolves.toBe('Query');
  });

  it('removes the scalars of the specifications under their imported names', () => {
    const imported = compose({ a: `extend schema ${plainLink} ${EVERY_ELEMENT}` })
      .replace(
        'requiresScopes/v0.1"',
        'requiresScopes/v0.1", import: ["@requiresScopes", { name: "Scope", as: "ScopeName" }]',
      )
      .replaceAll('requiresScopes__Scope', 'ScopeName');
    expect(imported).toContain('scalar ScopeName');
    expect(stripAuthorization(imported).sdl).not.toContain('ScopeName');
  });

  it('does not change a supergraph without authorization', () => {
    const open = compose({ a: `extend schema @link(url: "${federation}") type Query { x: Int }` });
    expect(stripAuthorization(open)).toEqual({ sdl: open, requirements: { types: new Map(), fields: new Map() } });
  });

  it('twice has the same result as once', () => {
    const { sdl } = stripAuthorization(compose({ a: `extend schema ${plainLink} ${EVERY_ELEMENT}` }));
    expect(stripAuthorization(sdl).sdl).toBe(sdl);
  });
});

describe('a supergraph that could still hold authorization is refused', () => {
  const full = compose({ a: `extend schema ${plainLink} ${EVERY_ELEMENT}` });

  it('with all of its directives, as composed', () => {
    expect(() => assertStripped(full)).toThrow('links https://specs.apollo.dev/authenticated');
  });

  it.each<[string, (sdl: string) => string, string]>([
    [
      'a later version of a directive',
      (sdl) => sdl.replace('requiresScopes/v0.1', 'requiresScopes/v0.2'),
      'v0.2 is not a known version',
    ],
    ['an unreadable version', (sdl) => sdl.replace('policy/v0.1', 'policy'), 'is not a known version'],
    [
      'an unknown specification',
      (sdl) => sdl.replace('apollo.dev/policy/v0.1', 'apollo.dev/rateLimit/v0.1'),
      'rateLimit, which is not known',
    ],
    [
      'a specification of another host',
      (sdl) => sdl.replace('specs.apollo.dev/policy/', 'specs.example.com/policy/'),
      'specs.example.com/policy, which',
    ],
    [
      'a directive whose link is gone',
      (sdl) => sdl.replace(/\n {2}@link\(url: "[^"]*policy[^)]*\)/, ''),
      'still has @policy',
    ],
    [
      'a renamed directive whose link is gone',
      (sdl) => sdl.replace(/\n {2}@link\(url: "[^"]*policy[^)]*\)/, '').replaceAll('@policy', '@rulebook'),
      '@rulebook, which no link defines',
    ],
    [
      'a definition whose link is gone',
      (sdl) => sdl.replace(/\n {2}@link\(url: "[^"]*policy[^)]*\)/, '').replace(/ @policy\(policies: \[\[".*\)/g, ''),
      'still has @policy',
    ],
    [
      'a directive on an argument',
      (sdl) => sdl.replace('open: Int', 'open(a: Int @authenticated): Int'),
      '@authenticated is applied where it has no meaning',
    ],
    [
      'a directive on an input type',
      (sdl) => `${sdl} input I @authenticated { a: Int }`,
      '@authenticated is applied where it has no meaning',
    ],
    ['two requirements for one type', (sdl) => `${sdl} extend type Thing @authenticated`, 'in two definitions'],
    ['an empty requirement', (sdl) => sdl.replace('scopes: [["t"]]', 'scopes: []'), 'an empty list is ambiguous'],
    [
      'directives carried as data',
      (sdl) => sdl.replace('open: Int', 'open: Int @join__directive(graphs: [A], name: "policy", args: {})'),
      '@join__directive',
    ],
    ['no supergraph at all', () => 'type Query { x: Int }', 'it has no @link'],
  ])('%s', (_what, change, message) => {
    const changed = change(full);
    expect(changed).not.toBe(full);
    expect(() => stripAuthorization(changed)).toThrow(message);
  });

  it('unless the options call its specification harmless', () => {
    const link = '@link(url: "https://example.com/owners/v1.0", import: ["@owner"])';
    const owned = full.replace('\n{', `\n  ${link}\n{`).replace('open: Int', 'open: Int @owner');
    expect(() => stripAuthorization(owned)).toThrow('https://example.com/owners, which is not known to be harmless');
    const { sdl } = stripAuthorization(owned, { harmless: ['https://example.com/owners'] });
    expect(sdl).toContain('open: Int @owner');
  });
});
