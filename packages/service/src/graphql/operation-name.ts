import { createHash, createHmac } from 'node:crypto';
import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '../development/example-query.ts';

/** Gives the name of an operation in logs and in the audit. @param queryHash SHA-256 of the document's text, in hex */
export type OperationNamer = (queryHash: string) => string;

/** The name of an operation that is not ours or could not be read. */
export const ANONYMOUS = '(anônima)';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const NAMES_BY_HASH: ReadonlyMap<string, string> = new Map([
  ...restRoutes.map(({ document, name }) => [sha256(document), name] as const),
  [sha256(EXAMPLE_QUERY), 'Pessoa'],
]);

/**
 * Names the operations of the REST routes, the example query and the operator's persisted operations. The name of any other
 * operation is text of a client, which must not be stored: such an operation is `(anônima)` and 16 hex digits of a keyed
 * hash of its document.
 *
 * @param key without a key, a document with a CPF could be found by hashing it with every CPF
 * @param persistedName the name of a persisted operation, by the same hash; default: there are none
 */
export const operationNamer =
  (key: Uint8Array, persistedName: (queryHash: string) => string | undefined = () => undefined): OperationNamer =>
  (queryHash) =>
    NAMES_BY_HASH.get(queryHash) ??
    persistedName(queryHash) ??
    `${ANONYMOUS} ${createHmac('sha256', key).update(`document\n${queryHash}`).digest('hex').slice(0, 16)}`;
