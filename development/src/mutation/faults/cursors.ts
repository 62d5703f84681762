import type { Fault } from '../fault.ts';

const CURSOR = 'packages/domain/src/paging.ts';
const CONNECTION = 'packages/subgraph/src/graphql/connection.ts';
const suites = ['packages/domain/test/paging', 'subgraphs/debt/test/dividas/divida-pages'];

export const cursors: readonly Fault[] = [
  {
    description: 'a cursor of one list is accepted by another',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([cpf, filter ?? null, body])',
    suites,
  },
  {
    description: 'a cursor of one person is accepted for another',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([connection, filter ?? null, body])',
    suites,
  },
  {
    description: 'a cursor is accepted with another filter',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([connection, cpf, body])',
    suites,
  },
  {
    description: 'a client can change the position in a cursor',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([connection, cpf, filter ?? null])',
    suites,
  },
  {
    description: 'a cursor has endless spellings',
    file: CURSOR,
    from: "bytes.toString('base64url') === cursor",
    to: 'bytes.length > 0',
    suites,
  },
  {
    description: 'a page may have 101 items',
    file: CURSOR,
    from: 'if (size > PAGE_SIZE_MAX)',
    to: 'if (size > PAGE_SIZE_MAX + 1)',
    suites,
  },
  {
    description: 'a page may have no item',
    file: CURSOR,
    from: 'if (size < 1)',
    to: 'if (size < 0)',
    suites,
  },
  {
    description: 'the extra row that shows whether a next page exists is answered',
    file: CONNECTION,
    from: 'rows.slice(0, size)',
    to: 'rows.slice(0, size + 1)',
    suites,
  },
  {
    description: 'a full last page promises another',
    file: CONNECTION,
    from: 'hasNextPage: rows.length > size',
    to: 'hasNextPage: rows.length >= size',
    suites,
  },
  {
    description: 'the first page claims to have one before it',
    file: CONNECTION,
    from: 'hasPreviousPage: options.after != null',
    to: 'hasPreviousPage: true',
    suites,
  },
  {
    description: 'the end of a page is its beginning',
    file: CONNECTION,
    from: 'endCursor: cursorOf(nodes.at(-1))',
    to: 'endCursor: cursorOf(nodes.at(0))',
    suites,
  },
  {
    description: 'a page of debts is read without the extra row that shows whether a next page exists',
    file: 'subgraphs/debt/src/dividas/divida-pages.ts',
    from: 'limit: size + 1 }).load(cpf);',
    to: 'limit: size }).load(cpf);',
    suites,
  },
  {
    description: 'pages that differ in their arguments share a statement',
    file: 'packages/subgraph/src/graphql/loader-per-arguments.ts',
    from: 'const id = JSON.stringify(args);',
    to: "const id = '';",
    suites: ['subgraphs/debt/test/dividas/divida-pages', 'subgraphs/debt/test/people'],
  },
  {
    description: 'the inquiries of a store after the position are missing',
    file: 'subgraphs/event/src/consultas/merged-consultas.ts',
    from: '(rank > rankAfter ? 1 : 0)',
    to: '0',
    suites: ['subgraphs/event/test/consultas', 'e2e/test/audit'],
  },
  {
    description: 'the inquiries of a store before the position come again',
    file: 'subgraphs/event/src/consultas/merged-consultas.ts',
    from: '(rank > rankAfter ? 1 : 0)',
    to: '1',
    suites: ['subgraphs/event/test/consultas', 'e2e/test/audit'],
  },
  {
    description: 'the merged list is longer than requested',
    file: 'subgraphs/event/src/consultas/merged-consultas.ts',
    from: '.slice(0, query.limit)',
    to: '',
    suites: ['subgraphs/event/test/consultas/merged-consultas'],
  },
];

const FALLBACK = 'subgraphs/event/src/movimentacoes/fallback-movimentacao-search.ts';
const search = [
  'subgraphs/event/test/movimentacoes/unreachable-elasticsearch',
  'subgraphs/event/test/movimentacoes/fallback-movimentacao-search',
  'subgraphs/event/test/movimentacoes/search-answer',
];

export const fallbacks: readonly Fault[] = [
  {
    description: 'an index that is behind is still searched',
    file: FALLBACK,
    from: 'if (!isCurrent()) {',
    to: 'if (false as boolean) {',
    suites: search,
  },
  {
    description: 'a bug of ours is hidden by Base C',
    file: FALLBACK,
    from: '      if (!reason) throw error; // our own bug, which Base C would hide\n      recordAnswer(',
    to: '      recordAnswer(',
    suites: search,
  },
  {
    description: 'a slow index makes the answer fail',
    file: FALLBACK,
    from: "  FONTE_LENTA: 'slow',\n",
    to: '',
    suites: search,
  },
  {
    description: 'an answer without all shards counts as complete',
    file: 'subgraphs/event/src/movimentacoes/search-answer.ts',
    from: 'shards.total === 0 || shards.failed > 0 || shards.successful < shards.total',
    to: 'shards.total === 0',
    suites: search,
  },
  {
    description: 'an answer that ran out of time counts as complete',
    file: 'subgraphs/event/src/movimentacoes/search-answer.ts',
    from: 'if (timedOut || terminatedEarly)',
    to: 'if (terminatedEarly)',
    suites: search,
  },
  {
    description: 'a document of another person is shown',
    file: 'subgraphs/event/src/movimentacoes/search-answer.ts',
    from: 'document.cpfHash !== cpfHash || ',
    to: '',
    suites: search,
  },
];
