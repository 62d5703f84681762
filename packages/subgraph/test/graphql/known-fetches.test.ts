import { ApolloServer } from '@apollo/server';
import { PublicError } from '@pessoa/domain/errors';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { testLog } from '@pessoa/testkit/logs/test-log';
import fc from 'fast-check';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { fetchFailure } from '../../src/graphql/fetch-failure.ts';
import { KnownFetches } from '../../src/graphql/known-fetches.ts';
import { rowFaultsPlugin } from '../../src/graphql/row-faults-plugin.ts';
import { ValueFault } from '../../src/graphql/value-rules.ts';

const SDL = `
  type Query { row(id: Int = 1): Row rows: [Row] made: Made! }
  type Mutation { change: Int }
  type Row { id: Int! kind: Kind name(upper: Boolean!): String rows: [Row] other: Made }
  type Made { id: Int! kind: Kind row: Row! }
  enum Kind { A B }`;

/** A field is this value, or rejects with it, or throws it. */
const leaves = (values: readonly unknown[]) => fc.constantFrom(...values);
const faults = [
  new PublicError('FONTE_LENTA', { fonte: 'score' }),
  new PublicError('UNAUTHORIZED_FIELD_OR_TYPE', { reason: { motivo: 'TITULAR' } }),
  new ValueFault('below zero'),
  new TypeError('x is undefined'),
  'no error at all',
];
const { row: anyRow } = fc.letrec((tie) => ({
  id: leaves([1, 2, null, 1.5, 'x', ...faults]),
  kind: leaves(['A', 'B', null, 'C', undefined, ...faults]),
  name: leaves(['ana', null, 7, ...faults]),
  row: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves([null, ...faults]),
    fc.record({ id: tie('id'), kind: tie('kind'), name: tie('name'), rows: tie('rows'), other: tie('row'), row: tie('row') }), // prettier-ignore
  ),
  rows: fc.oneof({ depthSize: 'small' }, leaves([null, [], 'no list', ...faults]), fc.array(tie('row'), { maxLength: 3 })), // prettier-ignore
}));

const FIELDS: Readonly<Record<string, readonly [field: string, type: string | undefined][]>> = {
  Query: [['row', 'Row'], ['row(id: $id)', 'Row'], ['rows', 'Row'], ['made', 'Made'], ['__typename', undefined]], // prettier-ignore
  Row: [['id', undefined], ['kind', undefined], ['name(upper: $upper)', undefined], ['rows', 'Row'], ['other', 'Made'], ['__typename', undefined]], // prettier-ignore
  Made: [
    ['id', undefined],
    ['kind', undefined],
    ['row', 'Row'],
  ],
};

const selectionOf = (type: string, depth: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...FIELDS[type]!.filter(([, inner]) => inner === undefined || depth > 0)),
        fc.constantFrom('', '@skip(if: $skip)', '@include(if: $skip)'),
        fc.constantFrom('', '... {', `... on ${type} {`),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map(([[field, inner], directive, fragment, isAliased], index) =>
          (inner === undefined ? fc.constant('') : selectionOf(inner, depth - 1)).map((selection) => {
            const text = `${isAliased ? `${type.toLowerCase()}${index}${depth}: ` : `u${index}${depth}: `}${field} ${directive} ${selection}`; // prettier-ignore
            return fragment === '' ? text : `${fragment} ${text} }`;
          }),
        ),
      ),
    )
    .map((lines) => `{ ${lines.join(' ')} }`);

const toResolved = (value: unknown): unknown => {
  if (value instanceof Error || value === faults.at(-1)) {
    return () => {
      throw value;
    };
  }
  // graphql-js takes an Error in a list for a failed item.
  if (Array.isArray(value)) return value.map((item) => (item instanceof Error ? item : toResolved(item)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      // Functions make new rejections for each execution.
      if (member instanceof Error) return [key, async () => Promise.reject(member)];
      return [key, () => toResolved(member)];
    }),
  );
};

/** Makes the root value a resolver of the schema, which both executions then share. */
function schemaOver(root: object): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const [name, field] of Object.entries(schema.getQueryType()!.getFields()))
    field.resolve = () => toResolved((root as Record<string, unknown>)[name]);
  return schema;
}

function serve(schema: GraphQLSchema) {
  const { logger, lines } = testLog();
  const rowFaults = { fonte: 'score', rowTypes: new Set(['Row']), logger } as const;
  const fetches = new KnownFetches<RequestContext>(schema, ({ viewer }) => viewer !== null, fetchFailure(rowFaults));
  const server = new ApolloServer<RequestContext>({
    schema,
    formatError,
    plugins: [rowFaultsPlugin(rowFaults), factsPlugin(logger, () => 'Named'), fetches.plugin],
  });
  const contextOf = (isRouter = true) =>
    ({ facts: { interactionId: 'i-1', startedAt: 0 }, viewer: isRouter ? {} : null }) as RequestContext;
  // Without times and stacks, which name the caller.
  const linesOf = () => lines().splice(0).map((line) => line.replace(/"time":[^,]*,|,"stack":"(?:[^"\\]|\\.)*"/g, '')); // prettier-ignore
  return {
    server,
    fetches,
    contextOf,
    async throughApollo(query: string, variables: Record<string, unknown>, isRouter = true) {
      linesOf();
      const contextValue = contextOf(isRouter);
      const { body, http } = await server.executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new Error('expected a single answer');
      return { status: http.status, body: body.singleResult, facts: contextValue.facts, lines: linesOf() };
    },
    async known(query: string, variables: Record<string, unknown>) {
      linesOf();
      const contextValue = contextOf();
      const body = await fetches.execute(query, variables, contextValue);
      return body && { status: undefined, body, facts: contextValue.facts, lines: linesOf() };
    },
  };
}

/** Without the way that an answer took, which the two have not in common. */
const asJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null, (key, part: unknown) => (key === 'way' ? undefined : part)));

describe('A fetch that is known', () => {
  it('has the answer, the errors, the log and the facts that it has through Apollo Server', async () => {
    const variables = fc.record({ skip: fc.boolean(), upper: fc.boolean(), id: fc.constantFrom(1, null, 2) });
    const root = fc.record({ row: anyRow, rows: fc.array(anyRow, { maxLength: 3 }), made: anyRow });
    let failed = 0;
    let complete = 0;
    await fc.assert(
      fc.asyncProperty(selectionOf('Query', 2), variables, root, async (selection, values, rootValue) => {
        const query = `query ($skip: Boolean!, $upper: Boolean!, $id: Int) ${selection} `;
        const usedQuery = `${query}#${JSON.stringify(values)}`; // all variables are used
        const all = usedQuery.replace(selection, `${selection.slice(0, -1)} all: row(id: $id) @skip(if: $skip) { name(upper: $upper) } }`); // prettier-ignore
        const { server, throughApollo, known } = serve(schemaOver(rootValue));
        await throughApollo(all, values);
        const expected = await throughApollo(all, values);
        expect(asJson(await known(all, values))).toEqual(asJson({ ...expected, status: undefined }));
        if (expected.body.errors) failed += 1;
        else complete += 1;
        await server.stop();
      }),
      generatedProperty(10_000),
    );
    expect(Math.min(failed, complete)).toBeGreaterThan(generatedCases(10_000) / 50);
  });
});

describe('A query is known', () => {
  const QUERY = '{ row { id } }';

  it('from its third use on, when the router asks', async () => {
    const { throughApollo, known, server } = serve(schemaOver({ row: { id: 7 } }));
    const answers = [];
    for (let use = 1; use <= 3; use++) {
      answers.push(asJson((await known(QUERY, {}))?.body));
      await throughApollo(QUERY, {});
    }
    expect(answers).toEqual([null, null, { data: { row: { id: 7 } } }]);
    await server.stop();
  });

  it.each([
    ['when clients ask', QUERY, false],
    ['when it is not valid', '{ nothing }', true],
    ['with a second operation', 'query A { row { id } } query B { row { id } }', true],
    ['when it is a mutation', 'mutation { change }', true],
  ])('never %s', async (_, query, isRouter) => {
    const { throughApollo, known, server } = serve(schemaOver({ row: { id: 7 } }));
    for (let use = 1; use <= 3; use++) await throughApollo(query, {}, isRouter);
    expect(await known(query, {})).toBeUndefined();
    await server.stop();
  });

  it('but variables that it does not take are left to Apollo Server, and nothing is read', async () => {
    const query = 'query ($id: Int!) { row(id: $id) { id } }';
    let reads = 0;
    const root = {
      get row() {
        reads += 1;
        return { id: 7 };
      },
    };
    const { throughApollo, known, server } = serve(schemaOver(root));
    for (let use = 1; use <= 2; use++) await throughApollo(query, { id: 1 });
    expect(await known(query, { id: 1 })).toBeDefined();
    expect(reads).toBe(3);
    for (const variables of [{}, { id: null }, { id: 'x' }]) expect(await known(query, variables)).toBeUndefined();
    expect(reads).toBe(3);
    await server.stop();
  });
});
