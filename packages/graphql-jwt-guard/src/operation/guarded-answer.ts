import type { DeniedPart, GuardedOperation } from './guarded-operation.ts';

/** What an executor returns, or a client gets. */
export interface ExecutionAnswer<ExecutionError> {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly ExecutionError[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface AnswerOptions<ExecutionError> {
  /** Makes the error of a denied part. */
  readonly toError: (part: DeniedPart) => ExecutionError;
  /** Where the client reads what was denied. Default: `errors`. */
  readonly reportIn?: 'errors' | 'extensions.authorizationErrors' | 'nothing';
}

/**
 * Completes the answer to a guarded operation: nulls for what was denied, and its errors before those of execution.
 *
 * @param answer to `guarded.document`; `{ data: null }` when that is null. One without data, which was refused before it
 *   was executed, stays as it is
 */
export function guardedAnswer<ExecutionError>(
  guarded: GuardedOperation,
  answer: ExecutionAnswer<ExecutionError>,
  { toError, reportIn = 'errors' }: AnswerOptions<ExecutionError>,
): ExecutionAnswer<ExecutionError> {
  if (!guarded.isChanged || answer.data === undefined) return answer;
  const denied = reportIn === 'nothing' ? [] : guarded.deniedParts.map(toError);
  const errors = [...(reportIn === 'errors' ? denied : []), ...(answer.errors ?? [])];
  const isInExtensions = reportIn === 'extensions.authorizationErrors' && denied.length > 0;
  const extensions = isInExtensions ? { ...answer.extensions, authorizationErrors: denied } : answer.extensions;
  return {
    data: guarded.complete(answer.data),
    ...(errors.length > 0 && { errors }),
    ...(extensions && { extensions }),
  };
}
