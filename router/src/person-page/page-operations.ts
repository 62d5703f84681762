import { readFileSync } from 'node:fs';
import { PublicError } from '@pessoa/domain/errors';
import type { OperationParameters } from '@pessoa/service/http/graphql-parameters';
import { operationId, type PersistedOperation } from '../persisted-operations/operation-manifest.ts';

const operation = (name: string, file: string): PersistedOperation => {
  const body = readFileSync(new URL(`./operations/${file}.graphql`, import.meta.url), 'utf8');
  return { id: operationId(body), name, type: 'query', body };
};

/** The operations that the page sends, by their ids. They are in schema/operations.json too. */
export const pageOperations: readonly PersistedOperation[] = [
  operation('PaginaDaPessoa', 'pagina-da-pessoa'),
  operation('PaginaMovimentos', 'pagina-movimentos'),
  operation('PaginaConsultas', 'pagina-consultas'),
  operation('PaginaProvas', 'pagina-provas'),
  operation('PaginaLista', 'pagina-lista'),
];

/** The ids for the scripts of the page, by the names of the operations. */
export const pageOperationIds: Readonly<Record<string, string>> = Object.fromEntries(
  pageOperations.map(({ name, id }) => [name, id]),
);

const ids: ReadonlySet<unknown> = new Set(pageOperations.map(({ id }) => id));

export const isPageOperation = (id: unknown): boolean => ids.has(id);

/**
 * A session runs the operations of the page and nothing else, whatever other clients may run.
 *
 * @throws PublicError PERSISTED_QUERY_NOT_IN_LIST for everything else
 */
export function checkPageOperation({ query, persistedQuery }: OperationParameters): void {
  const { version, sha256Hash } = (persistedQuery ?? {}) as { version?: unknown; sha256Hash?: unknown };
  if (query !== undefined || version !== 1 || !isPageOperation(sha256Hash))
    throw new PublicError('PERSISTED_QUERY_NOT_IN_LIST');
}
