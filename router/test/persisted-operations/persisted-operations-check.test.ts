import { PublicError } from '@pessoa/domain/errors';
import {
  persistedOperationsCheck,
  type PersistedOperationsMode,
} from '../../src/persisted-operations/persisted-operations-check.ts';
import { operationId } from '../../src/persisted-operations/operation-manifest.ts';

const KNOWN = 'query Known { __typename }';
const FREE = '{ __typename }';
const known = operationId(KNOWN);
const unknown = operationId(FREE);
const operations = { has: (id: string) => id === known };
const byId = (sha256Hash: unknown, version: unknown = 1) => ({ version, sha256Hash });

function verdict(mode: PersistedOperationsMode, query: string | undefined, persistedQuery?: unknown): string {
  try {
    persistedOperationsCheck(mode, operations)({ query, persistedQuery });
    return 'runs';
  } catch (error) {
    if (error instanceof PublicError) return error.code;
    throw error;
  }
}

describe('Which operations run', () => {
  it.each([
    ['a document', FREE, undefined, 'runs', 'runs', 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['the document of a known operation', KNOWN, undefined, 'runs', 'runs', 'runs'],
    ['a known id', undefined, byId(known), 'PERSISTED_QUERY_NOT_SUPPORTED', 'runs', 'runs'],
    ['an unknown id', undefined, byId(unknown), 'PERSISTED_QUERY_NOT_SUPPORTED', 'PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['a known id and its document', KNOWN, byId(known), 'PERSISTED_QUERY_NOT_SUPPORTED', 'runs', 'runs'],
    ['an unknown id and its document', FREE, byId(unknown), 'PERSISTED_QUERY_NOT_SUPPORTED', 'runs', 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['a known id and another document', FREE, byId(known), 'PERSISTED_QUERY_NOT_SUPPORTED', 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
    ['a known id and an empty document', '', byId(known), 'PERSISTED_QUERY_NOT_SUPPORTED', 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
    ['a known document with one space more', `${KNOWN} `, undefined, 'runs', 'runs', 'PERSISTED_QUERY_NOT_IN_LIST'],
  ])('by mode: %s', (_title, query, persistedQuery, off, on, only) => {
    expect([verdict('off', query, persistedQuery), verdict('on', query, persistedQuery), verdict('only', query, persistedQuery)]).toEqual([off, on, only]);
  }); // prettier-ignore

  it.each([
    ['an id in upper case', byId(known.toUpperCase())],
    ['a short id', byId(known.slice(1))],
    ['a long id', byId(`${known}0`)],
    ['an id with a line at its end', byId(`${known}\n`)],
    ['an id in base64', byId(Buffer.from(known, 'hex').toString('base64'))],
    ['the name of a member of every object', byId('constructor')],
    ['__proto__', byId('__proto__')],
    ['an empty id', byId('')],
    ['a number', byId(1)],
    ['a list', byId([known])],
    ['no id', { version: 1 }],
    ['version 2', byId(known, 2)],
    ['the version as text', byId(known, '1')],
    ['no version', { sha256Hash: known }],
    ['a text', known],
    ['true', true],
    ['a list of ids', [byId(known)]],
  ])('a malformed id is BAD_USER_INPUT, with a document and without one: %s', (_title, persistedQuery) => {
    for (const mode of ['on', 'only'] as const) {
      expect([verdict(mode, undefined, persistedQuery), verdict(mode, KNOWN, persistedQuery)]).toEqual([
        'BAD_USER_INPUT',
        'BAD_USER_INPUT',
      ]);
    }
  });
});
