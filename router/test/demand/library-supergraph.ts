import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const SHELVES = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key", "@shareable", { name: "@cost", as: "@weighs" }, { name: "@listSize", as: "@sized" }
  ])
  interface Item { id: ID! title: String author: Author copies: [[Copy!]!]! @sized(assumedSize: 3) }
  type Book implements Item @key(fields: "id") @weighs(weight: 3) {
    id: ID!
    title: String
    author: Author
    cover: Image
    genre: Genre
    tags: [String!]!
    chapters(first: Int = 4, last: Int): ChapterConnection
      @weighs(weight: 20)
      @sized(slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
    reviews(first: Int): [Review!]! @sized(slicingArguments: ["first"], assumedSize: 6, requireOneSlicingArgument: false)
    copies: [[Copy!]!]!
    similar: [Item!]
  }
  type Map implements Item { id: ID! copies: [[Copy!]!]! title: String author: Author scale: Int @weighs(weight: 2) places: [Place!] @sized(assumedSize: 8) }
  union Found = Book | Map | Author
  enum Genre @weighs(weight: 2) { NOVEL POEM }
  scalar Image @weighs(weight: 5)
  type Author { name: String books(first: Int!): [Book!]! @weighs(weight: 11) @sized(slicingArguments: ["first"], requireOneSlicingArgument: false) }
  type ChapterConnection { nodes: [Chapter!]! edges: [ChapterEdge!]! total: Int @weighs(weight: 4) }
  type ChapterEdge { node: Chapter }
  type Chapter { name: String notes: [Note!]! @sized(assumedSize: 2) }
  type Note { text: String }
  type Review { text: String }
  type Copy { place: String }
  type Place { name: String }
  input Filter { text: String @weighs(weight: 30) and: [Filter!] year: Int }
  type Query {
    book(id: ID): Book
    item: Item
    found: [Found] @sized(assumedSize: 5)
    search(filter: Filter, exact: Boolean @weighs(weight: 9)): [Book!]! @weighs(weight: 10) @sized(assumedSize: 2)
    members(cpfs: [ID!]!): [Member!]! @sized(slicingArguments: [], assumedSize: 100)
  }
  type Member { name: String @weighs(weight: 6) }
`;

const STOCK = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])
  type Book @key(fields: "id") { id: ID! stock: Stock }
  type Stock @cost(weight: 0) { count: Int shelves: [Shelf!]! @listSize(assumedSize: 4) }
  type Shelf { number: Int }
`;

/** Two subgraphs; one renames both directives. */
export const librarySupergraph = (shelves = SHELVES): string => {
  const { supergraphSdl, errors } = composeServices([
    { name: 'shelves', url: 'http://shelves.invalid', typeDefs: parse(shelves) },
    {
      name: 'stock',
      url: 'http://stock.invalid',
      typeDefs: parse(
        STOCK.replaceAll(
          '"@cost", "@listSize"',
          '{ name: "@cost", as: "@weighs" }, { name: "@listSize", as: "@sized" }',
        )
          .replaceAll('@cost(', '@weighs(')
          .replaceAll('@listSize(', '@sized('),
      ),
    },
  ]);
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'));
  return supergraphSdl;
};
