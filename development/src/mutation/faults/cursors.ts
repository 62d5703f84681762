import type { Fault } from '../fault.ts';

const CURSOR = 'packages/domain/src/paging.ts';
const CONNECTION = 'packages/subgraph/src/graphql/connection.ts';
const suites = ['packages/domain/test/paging', 'subgraphs/debt/test/debt-paging'];

export const cursors: readonly Fault[] = [
  {
    says: 'a cursor serves every list',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([cpf, filter ?? null, body])',
    suites,
  },
  {
    says: 'a cursor serves every person',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([connection, filter ?? null, body])',
    suites,
  },
  {
    says: 'a cursor serves every filter',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([connection, cpf, body])',
    suites,
  },
  {
    says: 'what a cursor says may be changed',
    file: CURSOR,
    from: 'JSON.stringify([connection, cpf, filter ?? null, body])',
    to: 'JSON.stringify([connection, cpf, filter ?? null])',
    suites,
  },
  {
    says: 'a cursor has endless spellings',
    file: CURSOR,
    from: "bytes.toString('base64url') === cursor",
    to: 'bytes.length > 0',
    suites,
  },
  {
    says: 'a page may have 101 items',
    file: CURSOR,
    from: 'if (size > PAGE_SIZE_MAX)',
    to: 'if (size > PAGE_SIZE_MAX + 1)',
    suites,
  },
  {
    says: 'a page may have no item',
    file: CURSOR,
    from: 'if (size < 1)',
    to: 'if (size < 0)',
    suites,
  },
  {
    says: 'the row that tells of a next page is shown',
    file: CONNECTION,
    from: 'rows.slice(0, size)',
    to: 'rows.slice(0, size + 1)',
    suites,
  },
  {
    says: 'a full last page promises another',
    file: CONNECTION,
    from: 'hasNextPage: rows.length > size',
    to: 'hasNextPage: rows.length >= size',
    suites,
  },
  {
    says: 'the first page claims to have one before it',
    file: CONNECTION,
    from: 'hasPreviousPage: options.after != null',
    to: 'hasPreviousPage: true',
    suites,
  },
  {
    says: 'the end of a page is its beginning',
    file: CONNECTION,
    from: 'endCursor: cursorOf(nodes.at(-1))',
    to: 'endCursor: cursorOf(nodes.at(0))',
    suites,
  },
  {
    says: 'a page of debts has no room for the row that tells of a next one',
    file: 'subgraphs/debt/src/dividas/divida-pages.ts',
    from: 'limit: size + 1 }).load(cpf);',
    to: 'limit: size }).load(cpf);',
    suites,
  },
  {
    says: 'pages that differ in their arguments share a statement',
    file: 'packages/subgraph/src/graphql/loader-per-arguments.ts',
    from: 'const id = JSON.stringify(args);',
    to: "const id = '';",
    suites: ['subgraphs/debt/test/debt-paging', 'subgraphs/debt/test/debt-people'],
  },
  {
    says: 'the reads of a source behind the position are left out',
    file: 'subgraphs/event/src/consultas/merged-consultas.ts',
    from: '(rank > rankAfter ? 1 : 0)',
    to: '0',
    suites: ['subgraphs/event/test/consultas', 'e2e/test/audit'],
  },
  {
    says: 'the reads of a source before the position come again',
    file: 'subgraphs/event/src/consultas/merged-consultas.ts',
    from: '(rank > rankAfter ? 1 : 0)',
    to: '1',
    suites: ['subgraphs/event/test/consultas', 'e2e/test/audit'],
  },
  {
    says: 'the merged list is longer than asked',
    file: 'subgraphs/event/src/consultas/merged-consultas.ts',
    from: '.slice(0, query.limit)',
    to: '',
    suites: ['subgraphs/event/test/merged-consultas'],
  },
];

const FALLBACK = 'subgraphs/event/src/movimentacoes/fallback-movimentacao-search.ts';
const search = [
  'subgraphs/event/test/unreachable-elasticsearch',
  'subgraphs/event/test/fallback-movimentacao-search',
  'subgraphs/event/test/search-answer',
];

export const fallbacks: readonly Fault[] = [
  {
    says: 'an index that is behind is asked',
    file: FALLBACK,
    from: 'if (!isCurrent()) {',
    to: 'if (false as boolean) {',
    suites: search,
  },
  {
    says: 'a bug of ours is hidden by Base C',
    file: FALLBACK,
    from: '      if (!reason) throw error; // our own bug, which Base C would hide\n      note(',
    to: '      note(',
    suites: search,
  },
  {
    says: 'an index that is too slow is the end of the answer',
    file: FALLBACK,
    from: "  FONTE_LENTA: 'slow',\n",
    to: '',
    suites: search,
  },
  {
    says: 'an answer without all shards is taken for the whole',
    file: 'subgraphs/event/src/movimentacoes/search-answer.ts',
    from: 'shards.total === 0 || shards.failed > 0 || shards.successful < shards.total',
    to: 'shards.total === 0',
    suites: search,
  },
  {
    says: 'an answer that ran out of time is taken for the whole',
    file: 'subgraphs/event/src/movimentacoes/search-answer.ts',
    from: 'if (timedOut || terminatedEarly)',
    to: 'if (terminatedEarly)',
    suites: search,
  },
  {
    says: 'a document of somebody else is shown',
    file: 'subgraphs/event/src/movimentacoes/search-answer.ts',
    from: 'one.cpfHash !== cpfHash || ',
    to: '',
    suites: search,
  },
];
