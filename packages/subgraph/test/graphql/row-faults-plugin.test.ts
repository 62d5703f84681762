import { ApolloServer } from '@apollo/server';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { buildSchema } from 'graphql';
import { ValueFault } from '../../src/graphql/value-rules.ts';
import { rowFaultsPlugin } from '../../src/graphql/row-faults-plugin.ts';

const SDL = `
  type Query { row: Row made: Made node: Node }
  interface Node { kind: Kind }
  type Row implements Node { id: Int! kind: Kind other: Made }
  type Made { id: Int! kind: Kind }
  enum Kind { A B }`;

async function ask(query: string, rootValue: object) {
  const { logger, lines } = testLog();
  const server = new ApolloServer<RequestContext>({
    schema: buildSchema(SDL),
    rootValue: () => rootValue,
    formatError,
    plugins: [rowFaultsPlugin({ fonte: 'score', rowTypes: new Set(['Row']), logger }), factsPlugin(logger, String)],
  });
  const contextValue = { facts: { interactionId: 'i-1', startedAt: 0 } } as RequestContext;
  const { body } = await server.executeOperation({ query }, { contextValue });
  await server.stop();
  if (body.kind !== 'single') throw new Error('expected a single answer');
  const { errors } = body.singleResult;
  return { errors: errors?.map(({ path, extensions }) => [path?.join('.'), extensions]), lines: lines().join('') };
}

const INVALID = { code: 'FONTE_INVALIDA', fonte: 'score' };
const OUR_BUG = { code: 'INTERNAL_SERVER_ERROR' };

describe('A value that does not fit its GraphQL type', () => {
  it.each([
    ['{ row { id } }', { row: { id: null } }, 'row.id', 'null'],
    ['{ a: row { b: id } }', { row: { id: 'SEGREDO' } }, 'a.b', 'not of the type'],
    ['{ p52998224725: row { id } }', { row: { id: null } }, 'p52998224725.id', '"caminho":"row.id"'],
    ['{ row { kind } }', { row: { kind: 'SEGREDO' } }, 'row.kind', 'not a value of the enum'],
    ['{ row { ...F } } fragment F on Row { kind }', { row: { kind: 'SEGREDO' } }, 'row.kind', 'enum'],
    ['{ row { ... on Row { id } } }', { row: { id: 1.5 } }, 'row.id', 'not of the type'],
  ])('is FONTE_INVALIDA in a type of rows: %s', async (query, root, path, fault) => {
    const { errors, lines } = await ask(query, root);
    expect(errors).toEqual([[path, INVALID]]);
    expect(lines).toContain(fault);
    expect(lines).toContain('"campo":"Row.');
    expect(lines).not.toMatch(/SEGREDO|[: ]1\.5\b|"level":50/); // `time` may have a "1.5" of its own
  });

  it.each([
    ['{ made { id } }', { made: { id: null } }],
    ['{ row { other { id } } }', { row: { other: { id: 'x' } } }],
    ['{ made { kind } }', { made: { kind: 'C' } }],
  ])('is a bug of Pessoa in any other type: %s', async (query, root) => {
    const { errors, lines } = await ask(query, root);
    expect(errors).toMatchObject([[expect.any(String), OUR_BUG]]);
    expect(lines).toContain('"level":50');
  });
});

describe('A ValueFault that a resolver throws', () => {
  it.each([
    ['{ row { kind } }', 'row.kind', 'Row.kind'],
    ['{ a: made { b: kind } }', 'a.b', 'Made.kind'], // a type that is computed from rows
  ])('is FONTE_INVALIDA in any type: %s', async (query, path, campo) => {
    const kind = () => {
      throw new ValueFault('below zero');
    };
    const { errors, lines } = await ask(query, { row: { kind }, made: { kind } });
    expect(errors).toEqual([[path, INVALID]]);
    expect(lines).toContain(`"campo":"${campo}","falha":"below zero"`);
    expect(lines).not.toContain('"level":50');
  });
});

describe('Any other error that a resolver throws', () => {
  it.each([new TypeError('x is undefined'), new RangeError('no such row')])(
    'is a bug of Pessoa: %s',
    async (thrown) => {
      const throwing = () => {
        throw thrown;
      };
      const { errors, lines } = await ask('{ row { id kind } }', { row: { id: 1, kind: throwing } });
      expect(errors).toEqual([['row.kind', OUR_BUG]]);
      expect(lines).toContain(thrown.message);
    },
  );
});

describe('An invalid document', () => {
  it.each(['{ row { nothing } }', '{ row(', '{ row { kind(x: Z) } }'])('is not FONTE_INVALIDA: %s', async (query) => {
    const { errors } = await ask(query, {});
    expect(errors).toMatchObject([[undefined, { code: expect.stringMatching(/^GRAPHQL_/) }]]);
  });
});
