import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const CATALOG = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key", "@shareable",
    { name: "@authenticated", as: "@signedIn" },
    { name: "@requiresScopes", as: "@scopes" },
    { name: "@policy", as: "@rule" }
  ])
  interface Item { id: ID! title: String price: Money maker: Author }
  type Book implements Item @key(fields: "id") {
    id: ID!
    title: String @shareable @signedIn
    price: Money
    maker: Author
    isbn: String @scopes(scopes: [["stock"], ["admin"]])
    grade: Grade
    author: Author!
    related: [Item!]
    pages(from: Int = 1): Int
  }
  type Draft implements Item @signedIn {
    id: ID!
    title: String
    price: Money
    maker: Author @rule(policies: [["hr"]])
    notes: [String!]!
  }
  union Found = Book | Draft | Author
  enum Grade @signedIn { NEW USED }
  scalar Money @scopes(scopes: [["prices", "read"], ["admin"]])
  type Author {
    id: ID!
    name: String!
    salary: Int! @rule(policies: [["hr"], ["payroll", "night"]])
    boss: Author
    peers: [Author!]!
    nested: [[Author!]]
    works: [Found!]
  }
  type Query {
    item(id: ID): Item
    items: [Item!]!
    search(text: String, grade: Grade): [Found]
    book: Book
    author: Author
    me: Author! @signedIn
    secret: Int! @scopes(scopes: [["admin"]])
  }
`;

const STOCK = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key", "@shareable", "@external", "@requires",
    { name: "@authenticated", as: "@signedIn" },
    { name: "@requiresScopes", as: "@scopes" }
  ])
  type Book @key(fields: "id") {
    id: ID!
    title: String @shareable @scopes(scopes: [["read"]])
    isbn: String @external
    left: Int @requires(fields: "isbn") @scopes(scopes: [["stock"], ["admin"]])
    shelf: String @signedIn
  }
  type Query { shelves: [Book] }
`;

export const shopSubgraphs = { catalog: CATALOG, stock: STOCK };

/** A supergraph of two subgraphs that rename the directives, both with requirements on `Book.title`. */
export function composeShop(): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(shopSubgraphs).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
