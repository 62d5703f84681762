import { getOperationAST, GraphQLError, type DocumentNode } from 'graphql';
import type { Variables } from '../directives/conditions.ts';
import type { Caller } from './caller.ts';
import type { DeniedPart } from './guarded-operation.ts';
import { OperationGuard } from './operation-guard.ts';

export interface FilteredDocument {
  /** What the caller may run, valid on the same schema; the document itself when nothing is denied; null when nothing is left. */
  readonly document: DocumentNode | null;
  /** What was taken out: at most 1,000 parts, each root field in turn. */
  readonly unauthorizedPaths: readonly DeniedPart[];
}

/**
 * What one caller may run of an operation, without a server.
 *
 * @param supergraph composed SDL, or an `OperationGuard` of it, which reads the SDL once for many operations
 * @param document valid on the supergraph's API schema
 * @param operationName needed when the document has several operations
 * @throws GraphQLError when the document has no such operation
 */
export function filterOperation(
  supergraph: string | OperationGuard,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Variables,
  caller: Caller,
): FilteredDocument {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new GraphQLError('the document has no such operation, or several and no name');
  const guard = typeof supergraph === 'string' ? new OperationGuard(supergraph) : supergraph;
  const guarded = guard.guard(document, operation, variables, caller);
  return { document: guarded.document, unauthorizedPaths: guarded.deniedParts };
}
