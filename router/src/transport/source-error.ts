import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';

/** The request that needs the call ran out of time. The source is not at fault. */
export class OutOfTimeError extends Error {}

/**
 * The answer exceeds the size limit. Its size depends on the client's request, so it does not count as a failure. But the
 * source did answer: `isSourcesFault` is true for it, so that it may end the probe of a breaker.
 */
export class AnswerTooLargeError extends Error {}

/**
 * Whether the source caused the error. False for what the client caused: it must not count against the source, because
 * that would close the source to other clients.
 */
export function isSourcesFault(error: unknown): boolean {
  return error instanceof PublicError && error.code.startsWith('FONTE_') && !(error.cause instanceof OutOfTimeError);
}

/** The call failed before a part of it was sent. */
export class NotSentError extends Error {}

/** The source answered 502, 503 or 504. */
export class UnavailableStatusError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the source answered ${status}`);
    this.status = status;
  }
}

/** True if the source did no work: the call was not sent, or the answer was 503. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof PublicError)) return false;
  const { cause } = error;
  return cause instanceof NotSentError || (cause instanceof UnavailableStatusError && cause.status === 503);
}

/** The progress of a call when it failed. */
export type Phase = 'not sent' | 'sent' | 'answering';

/**
 * Turns undici's error into the error for the client. The cause keeps only the code, the name and the message for the
 * log. Another property of undici's error holds bytes of the answer, and these may be about a person.
 */
export function toSourceError(error: Error, phase: Phase, fonte: Fonte): PublicError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const description = `${phase}: ${[code, error.name, error.message].filter((part) => part !== '').join(' ')}`;
  // The router built a request that HTTP does not allow. The source is not involved.
  if (code === 'UND_ERR_INVALID_ARG')
    return new PublicError('INTERNAL_SERVER_ERROR', { cause: new Error(description) });
  const isGarbage = error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW';
  if (phase === 'answering' || isGarbage)
    return new PublicError('FONTE_INVALIDA', { fonte, cause: new Error(description) });
  const cause = phase === 'not sent' ? new NotSentError(description) : new Error(description);
  return new PublicError('FONTE_INDISPONIVEL', { fonte, cause });
}
