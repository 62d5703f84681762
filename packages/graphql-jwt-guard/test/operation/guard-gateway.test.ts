import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse, print } from 'graphql';
import { guardGateway, type Caller, type GatewayGuardOptions } from '../../src/index.ts';
import { composeShop, shopSubgraphs } from './shop-supergraph.ts';

interface Context {
  readonly caller: Caller;
}

const BOOKS = [
  { id: '1', title: 'One', isbn: 'i1', price: 'R$ 1', author: { id: 'a', name: 'Ana', salary: 1, peers: [{ id: 'b', name: 'Bia', salary: 2, peers: [] }] } }, // prettier-ignore
  { id: '2', title: 'Two', isbn: 'i2', price: 'R$ 2', author: { id: 'b', name: 'Bia', salary: 2, peers: [] } },
];
const item = { __typename: 'Draft', id: 'd', title: 'Draft', notes: ['n'] };
const found = [{ __typename: 'Book', ...BOOKS[0] }, item, { __typename: 'Author', ...BOOKS[1]!.author }];

const resolvers: Record<string, object> = {
  catalog: {
    Query: { book: () => BOOKS[0], author: () => BOOKS[0]!.author, item: () => item, items: () => found.slice(0, 2), search: () => found, me: () => BOOKS[0]!.author, secret: () => 7 }, // prettier-ignore
    Book: { __resolveReference: ({ id }: { id: string }) => BOOKS.find((book) => book.id === id) },
  },
  stock: {
    Query: { shelves: () => BOOKS.map(({ id }) => ({ id })) },
    Book: {
      __resolveReference: (reference: object) => reference,
      left: ({ isbn }: { isbn?: string }) => isbn?.length ?? null,
      shelf: ({ id }: { id: string }) => `s${id}`,
    },
  },
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const fetches: string[] = [];

async function serve(options: Partial<GatewayGuardOptions<Context>> = {}) {
  const gateway = guardGateway(
    (supergraphSdl) =>
      new ApolloGateway({
        supergraphSdl,
        logger: silent,
        buildService: ({ name }) => {
          const typeDefs = parse(shopSubgraphs[name as keyof typeof shopSubgraphs]);
          const source = new LocalGraphQLDataSource(
            buildSubgraphSchema([{ typeDefs, resolvers: resolvers[name] as never }]),
          );
          const process = source.process.bind(source);
          source.process = (request) => {
            fetches.push(`${name}: ${print(parse(request.request.query!)).replace(/\s+/g, ' ')}`);
            return process(request);
          };
          return source;
        },
      }),
    {
      supergraphSdl: composeShop(),
      callerOf: ({ caller }: Context) => caller,
      toError: ({ path, denial }) =>
        new GraphQLError('denied', { path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', by: denial.by } }),
      ...options,
    },
  );
  const server = new ApolloServer<Context>({ gateway });
  await server.start();
  return {
    stop: () => server.stop(),
    async ask(query: string, caller: Caller, variables: Record<string, unknown> = {}) {
      fetches.length = 0;
      const { body } = await server.executeOperation({ query, variables }, { contextValue: { caller } });
      if (body.kind !== 'single') throw new Error('not a whole answer');
      const { data, errors = [], extensions } = JSON.parse(JSON.stringify(body.singleResult)) as Record<string, any>; // oxlint-disable-line typescript/no-explicit-any
      return {
        data,
        denied: errors.map(({ path }: { path: string[] }) => path.join('.')),
        fetches: [...fetches],
        extensions,
      };
    },
  };
}

const callerWith = (scopes: string[] = [], policies: string[] = []): Caller => ({ isAuthenticated: true, scopes: new Set(scopes), policies: new Set(policies) }); // prettier-ignore
const ANONYMOUS: Caller = { isAuthenticated: false, scopes: new Set(), policies: new Set() };

let served: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.stop());

it('the planner asks the subgraphs for nothing that is denied', async () => {
  const answer = await served.ask('{ book { id isbn title shelf } }', callerWith(['stock']));
  expect(answer).toEqual({
    data: { book: { id: '1', isbn: 'i1', title: null, shelf: 's1' } },
    denied: ['book.title'],
    fetches: [
      'catalog: { book { __typename id isbn } }',
      expect.stringMatching(/^stock: .*\.\.\. on Book \{ shelf \}/),
    ],
    extensions: undefined,
  });
});

it('a join uses fields that its @requires names though the client may not read them', async () => {
  // Composition wants the requirement of `isbn` on `left` too: who may read `left` may read `isbn` as one of the alternatives.
  const { data, denied } = await served.ask('{ shelves { left } }', callerWith(['admin']));
  expect({ data, denied }).toEqual({ data: { shelves: [{ left: 2 }, { left: 2 }] }, denied: [] });
});

it('an operation that is denied whole answers null, and asks no subgraph', async () => {
  expect(await served.ask('{ book { isbn } shelves { left } }', callerWith())).toEqual({
    data: null,
    denied: ['book.isbn', 'shelves.left'],
    fetches: [],
    extensions: undefined,
  });
});

it('callers with other rights never share a plan, in whatever order they come', async () => {
  const query = '{ book { id isbn price } }';
  const callers = {
    all: callerWith(['admin']),
    stock: callerWith(['stock']),
    prices: callerWith(['prices', 'read']),
    nobody: ANONYMOUS,
  };
  const expected = {
    all: { id: '1', isbn: 'i1', price: 'R$ 1' },
    stock: { id: '1', isbn: 'i1', price: null },
    prices: { id: '1', isbn: null, price: 'R$ 1' },
    nobody: { id: '1', isbn: null, price: null },
  };
  for (const name of ['all', 'nobody', 'stock', 'prices', 'nobody', 'all', 'prices', 'stock'] as const) {
    const { data } = await served.ask(query, callers[name]);
    expect({ [name]: data.book }).toEqual({ [name]: expected[name] });
  }
});

it('a null moves up to the nearest place that may be null, through lists', async () => {
  const answers = {
    item: await served.ask('{ author { id peers { id salary } } }', callerWith()),
    union: await served.ask('{ search { ... on Author { id salary } ... on Book { id } } }', callerWith()),
    root: await served.ask('{ book { id } secret }', callerWith()),
  };
  expect(Object.fromEntries(Object.entries(answers).map(([name, { data }]) => [name, data]))).toEqual({
    item: { author: null },
    union: { search: [{ id: '1' }, {}, null] },
    root: null,
  });
});

it('a missing part is null for the types that have it, and absent for others', async () => {
  const { data, denied } = await served.ask('{ items { ... on Book { id price } ... on Draft { notes } } }', ANONYMOUS);
  // Draft.notes may not be null, nor may an item of the list.
  expect({ data, denied }).toEqual({ data: null, denied: ['items.price', 'items.notes'] });
  const search = await served.ask('{ search { ... on Book { price } ... on Author { id } } }', ANONYMOUS);
  expect(search.data).toEqual({ search: [{ price: null }, {}, { id: 'b' }] });
});

it('@skip and @include are decided by each request’s own variables', async () => {
  const query = 'query ($more: Boolean = false) { book { id isbn @include(if: $more) } }';
  const answers = {
    default: await served.ask(query, callerWith()),
    more: await served.ask(query, callerWith(), { more: true }),
    again: await served.ask(query, callerWith(), { more: false }),
  };
  expect(
    Object.fromEntries(Object.entries(answers).map(([name, { data, denied }]) => [name, { data, denied }])),
  ).toEqual({
    default: { data: { book: { id: '1' } }, denied: [] },
    more: { data: { book: { id: '1', isbn: null } }, denied: ['book.isbn'] },
    again: { data: { book: { id: '1' } }, denied: [] },
  });
});

describe('what is told of denied parts', () => {
  const query = '{ book { id isbn } }';
  const options = {
    'in extensions': { reportIn: 'extensions.authorizationErrors' as const },
    'not at all': { reportIn: 'nothing' as const },
    'and the whole operation is rejected': { onDenied: 'reject' as const },
    'and nothing is denied, in a dry run': { onDenied: 'dryRun' as const },
  };
  const told = { message: 'denied', path: ['book', 'isbn'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', by: 'scopes' } }; // prettier-ignore
  const expected: Record<keyof typeof options, object> = {
    'in extensions': {
      data: { book: { id: '1', isbn: null } },
      denied: [],
      extensions: { authorizationErrors: [told] },
    },
    'not at all': { data: { book: { id: '1', isbn: null } }, denied: [], extensions: undefined },
    'and the whole operation is rejected': { data: null, denied: ['book.isbn'], extensions: undefined },
    'and nothing is denied, in a dry run': { data: { book: { id: '1', isbn: 'i1' } }, denied: ['book.isbn'], extensions: undefined }, // prettier-ignore
  };

  it.each(Object.entries(options))('%s', async (title, option) => {
    const other = await serve(option);
    const { fetches: _, ...answer } = await other.ask(query, callerWith());
    await other.stop();
    expect(answer).toEqual(expected[title as keyof typeof options]);
  });
});
