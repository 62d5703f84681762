import { createHash, createHmac } from 'node:crypto';
import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '../development/example.ts';

/** What logs and the audit call an operation. @param queryHash SHA-256 of the document's text, in hex */
export type OperationNamer = (queryHash: string) => string;

/** What an operation is called that is none of ours, or that could not be read. */
export const ANONYMOUS = '(anônima)';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const KNOWN: ReadonlyMap<string, string> = new Map([
  ...restRoutes.map(({ document, name }) => [sha256(document), name] as const),
  [sha256(EXAMPLE_QUERY), 'Pessoa'],
]);

/**
 * Names from a closed list: those of the REST routes' operations and of the example. A client's own name for an operation
 * is its own text, which is kept nowhere: its document goes by 16 hex digits of a hash.
 *
 * @param key keyed, because a document may hold a CPF, and a bare hash of one is found by trying them all
 */
export const operationNamer =
  (key: Uint8Array): OperationNamer =>
  (queryHash) =>
    KNOWN.get(queryHash) ??
    `${ANONYMOUS} ${createHmac('sha256', key).update(`document\n${queryHash}`).digest('hex').slice(0, 16)}`;
