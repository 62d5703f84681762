import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import { OperationAccess } from '../../src/authorization/operation-access.ts';
import { NOBODY } from '../graph/router-under-test.ts';
import { CompilingGateway } from '../../src/execution/compiling-gateway.ts';
import { SubgraphDataSource } from '../../src/execution/subgraph-data-source.ts';
import { NO_HEADERS } from '../graph/router-under-test.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@interfaceObject", "@shareable"])';
const typeDefs: Readonly<Record<string, ReturnType<typeof parse>>> = {
  catalogue: parse(`${LINK}
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
    type Query { media: [Media] book: Book }`),
  reviews: parse(`${LINK}
    type Media @key(fields: "id") @interfaceObject { id: ID! rating: Int }
    type Query { best: Media }`),
  shop: parse(`${LINK}
    type Book @key(fields: "id") { id: ID! copies: Int }
    type Query { sold: [Book] }`),
};

const media = [
  { __typename: 'Book', id: '1', title: 'A', pages: 9 },
  null,
  { __typename: 'Film', id: '2', title: 'B', minutes: 90 },
  { __typename: 'Book', id: '3', title: 'C', pages: 7 },
];
const byId = (id: string) => media.find((item) => item?.id === id);

const resolvers: Readonly<Record<string, object>> = {
  catalogue: {
    Query: { media: () => media, book: () => media[0] },
    Media: {
      __resolveReference: ({ id }: { id: string }) => byId(id),
      __resolveType: (item: { __typename: string }) => item.__typename,
    },
    Book: { __resolveReference: ({ id }: { id: string }) => byId(id) },
    Film: { __resolveReference: ({ id }: { id: string }) => byId(id) },
  },
  reviews: {
    Query: { best: () => ({ id: '2' }) },
    Media: { __resolveReference: ({ id }: { id: string }) => ({ id, rating: Number(id) }) },
  },
  shop: {
    Query: { sold: () => [{ id: '3' }, null, { id: '1' }] },
    Book: { __resolveReference: ({ id }: { id: string }) => (id === '3' ? null : { id, copies: 5 }) },
  },
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function startServer(gateway: ApolloGateway, plugins: ApolloServerPlugin[] = []): ApolloServer {
  return new ApolloServer({ gateway, plugins, logger: silent });
}

describe('A graph with abstract types and entities', () => {
  const schemas: Record<string, GraphQLSchema> = {};
  let ours: ApolloServer;
  let stock: ApolloServer;

  beforeAll(async () => {
    for (const [name, document] of Object.entries(typeDefs))
      schemas[name] = buildSubgraphSchema({ typeDefs: document, resolvers: resolvers[name] as never });
    const { supergraphSdl, errors } = composeServices(
      Object.entries(typeDefs).map(([name, document]) => ({ name, url: `http://${name}.invalid`, typeDefs: document })),
    );
    if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'));
    const compiling = new CompilingGateway(new OperationAccess(supergraphSdl, () => NOBODY), {
      buildService: ({ name }) => openSource(schemas[name]!),
      logger: silent,
    });
    ours = startServer(compiling, [compiling.plugin as ApolloServerPlugin]);
    stock = startServer(
      new ApolloGateway({
        supergraphSdl,
        buildService: ({ name }) => new LocalGraphQLDataSource(schemas[name]!),
        logger: silent,
      }),
    );
    await Promise.all([ours.start(), stock.start()]);
  });
  afterAll(() => Promise.all([ours.stop(), stock.stop()]));

  it.each([
    [
      'an interface with type conditions',
      '{ media { __typename id title ... on Book { pages } ... on Film { m: minutes } } }',
    ],
    ['a list with nulls', '{ sold { __typename id } }'],
    ['a field of an interface object, through a list with nulls', '{ media { id rating } }'],
    ['the type of an interface object', '{ best { __typename id rating title } }'],
    ['a type condition on an interface object', '{ best { ... on Film { minutes rating } ... on Book { pages } } }'],
    ['entities of a concrete type', '{ book { title copies } }'],
    ['a nested fetch below an interface', '{ media { ... on Film { rating title } ... on Media { id } } }'],
    ['an entity that its source does not know', '{ sold { id title } media { ... on Book { id copies } } }'],
    ['two rounds', '{ book { id rating } best { title } }'],
  ])('answers as @apollo/gateway does: %s', async (_title, query) => {
    const expected = await ask(stock, query);
    const answers = [];
    for (let use = 0; use < 3; use++) answers.push(await ask(ours, query));
    expect(answers).toEqual([expected, expected, expected]);
  });
});

const openSource = (schema: GraphQLSchema): SubgraphDataSource =>
  new SubgraphDataSource(
    {
      fonte: 'divida',
      async send({ body }) {
        const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
        const result = await graphql({ schema, source: query, variableValues: variables });
        return { status: 200, text: JSON.stringify(result) };
      },
      reportInvalidAnswer() {},
      state: () => 'ok',
      async close() {},
    },
    () => {},
  );

async function ask(server: ApolloServer, query: string): Promise<unknown> {
  const { body } = await server.executeOperation({ query }, { contextValue: { forwardedHeaders: NO_HEADERS } });
  if (body.kind !== 'single') throw new Error('the answer is not complete');
  return JSON.parse(JSON.stringify(body.singleResult)) as unknown;
}
