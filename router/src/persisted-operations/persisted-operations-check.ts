import { PublicError } from '@pessoa/domain/errors';
import type { OperationParameters } from '@pessoa/service/http/graphql-parameters';
import { operationId } from './operation-manifest.ts';
import type { PersistedOperations } from './persisted-operations.ts';

/**
 * Which operations of GraphQL requests run. `off`: documents, and no ids. `on`: documents, and ids of persisted operations.
 * `only`: persisted operations, by id or by their exact document.
 */
export const persistedOperationsModes = ['off', 'on', 'only'] as const;
export type PersistedOperationsMode = (typeof persistedOperationsModes)[number];

const ID = /^[0-9a-f]{64}$/;

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

/**
 * Makes the check of the operation of a request, before anything parses its document.
 *
 * @returns a function that throws PublicError: PERSISTED_QUERY_NOT_SUPPORTED for an id under `off`,
 *   PERSISTED_QUERY_NOT_FOUND for an unknown id under `on`, PERSISTED_QUERY_NOT_IN_LIST for an unknown id or document under
 *   `only`, BAD_USER_INPUT for an id that is malformed or of another document
 */
export function persistedOperationsCheck(mode: PersistedOperationsMode, operations: Pick<PersistedOperations, 'has'>) {
  return ({ query, persistedQuery }: Pick<OperationParameters, 'query' | 'persistedQuery'>): void => {
    if (mode === 'off') {
      if (persistedQuery) throw new PublicError('PERSISTED_QUERY_NOT_SUPPORTED');
      return;
    }
    const id = persistedQuery === undefined ? undefined : readId(persistedQuery);
    if (query === undefined) {
      if (id !== undefined && operations.has(id)) return;
      throw new PublicError(mode === 'only' ? 'PERSISTED_QUERY_NOT_IN_LIST' : 'PERSISTED_QUERY_NOT_FOUND');
    }
    if (mode === 'on' && id === undefined) return;
    const documentId = operationId(query);
    if (id !== undefined && id !== documentId) {
      throw badInput('`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`.');
    }
    if (mode === 'only' && !operations.has(documentId)) throw new PublicError('PERSISTED_QUERY_NOT_IN_LIST');
  };
}

function readId(persistedQuery: unknown): string {
  if (typeof persistedQuery !== 'object' || persistedQuery === null || Array.isArray(persistedQuery)) {
    throw badInput('`extensions.persistedQuery` must be an object.');
  }
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1) throw badInput('`extensions.persistedQuery.version` must be 1.');
  if (typeof sha256Hash !== 'string' || !ID.test(sha256Hash)) {
    throw badInput('`extensions.persistedQuery.sha256Hash` must be 64 lower-case hex digits.');
  }
  return sha256Hash;
}
