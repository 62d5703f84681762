import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';

/** The cause of a call that nobody waits for any more: not the source's fault. */
export class CallerGoneError extends Error {}

/** The cause of an answer over the size limit, which depends on what the client asked for. */
export class AnswerTooLargeError extends Error {}

/** False for what the client brought about: nothing is known against the source, and nobody else is to be kept from it. */
export function isSourcesFault(error: unknown): boolean {
  return error instanceof PublicError && error.code.startsWith('FONTE_') && !(error.cause instanceof CallerGoneError);
}

/** The cause of a failure before anything of the request was sent. */
export class NotSentError extends Error {}

/** The cause of a 502, 503 or 504. */
export class UnavailableStatusError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the source answered ${status}`);
    this.status = status;
  }
}

/** Nothing was sent, or the source said itself that it did not do it. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof PublicError)) return false;
  const { cause } = error;
  return cause instanceof NotSentError || (cause instanceof UnavailableStatusError && cause.status === 503);
}

/** How far a call got when it broke. */
export type Phase = 'not sent' | 'sent' | 'answering';

/**
 * What undici's failure of a call means to a client. The cause keeps its words for the log, not its other properties:
 * one of them is the bytes of the answer, which may be about a person.
 */
export function toSourceError(error: Error, phase: Phase, fonte: Fonte): PublicError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const words = `${phase}: ${[code, error.name, error.message].filter((word) => word !== '').join(' ')}`;
  // We built a request that HTTP does not allow: the source has no part in it.
  if (code === 'UND_ERR_INVALID_ARG') return new PublicError('INTERNAL_SERVER_ERROR', { cause: new Error(words) });
  const isGarbage = error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW';
  if (phase === 'answering' || isGarbage) return new PublicError('FONTE_INVALIDA', { fonte, cause: new Error(words) });
  const cause = phase === 'not sent' ? new NotSentError(words) : new Error(words);
  return new PublicError('FONTE_INDISPONIVEL', { fonte, cause });
}
