import { buildSchema, execute, parse } from 'graphql';
import { nodeFieldsOf } from '../../src/graphql/node-fields.ts';

const schema = buildSchema(`
  type Query { list(first: Int): List }
  type List { nodes: [Node] edges: [Edge] total: Int }
  type Edge { cursor: String node: Node }
  type Node { a: Int b: Int c: Node }`);

describe('The fields that are selected of the nodes of a connection', () => {
  it.each([
    ['by nodes', '{ list { nodes { a b } } }', ['a', 'b']],
    ['by edges', '{ list { edges { cursor node { b } } } }', ['b']],
    ['by both', '{ list { edges { node { b } } nodes { a } } }', ['a', 'b']],
    ['under aliases', '{ list { x: nodes { y: a } e: edges { n: node { z: b } } } }', ['a', 'b']],
    ['twice', '{ list { nodes { a } } list { nodes { b } } }', ['a', 'b']],
    ['in fragments', '{ list { ...L } } fragment L on List { nodes { ...N ... { b } } } fragment N on Node { a c { b } }', ['a', 'b', 'c']], // prettier-ignore
    ['under conditions', 'query ($no: Boolean = false) { list { nodes { a @include(if: $no) } nodes @skip(if: true) { b } } }', ['a', 'b']], // prettier-ignore
    ['not at all', '{ list { total edges { cursor } } }', []],
  ])('%s', (_, query, expected) => {
    const document = parse(query);
    // Twice: the second time they are known.
    for (let use = 0; use < 2; use++) {
      let fields: ReadonlySet<string> | undefined;
      const rootValue = {
        list: (_args: unknown, _context: unknown, info: never) => void (fields = nodeFieldsOf(info)),
      };
      expect(execute({ schema, document, rootValue })).not.toHaveProperty('errors');
      expect([...fields!].toSorted()).toEqual(expected);
    }
  });
});
