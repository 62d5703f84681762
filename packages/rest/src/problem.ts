import { publicErrors, retryAfterSeconds } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { challengeOf, refusalReasonOf } from '@pessoa/domain/motivo';
import type { RefusalReason } from '@pessoa/domain/motivo';
import type { Fonte } from '@pessoa/domain/services';

/** An answer that any HTTP framework can send: header names in lower case, the body an object still to be written as JSON. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The body of every refusal (RFC 9457). It names no person: no CPF, no path, no value that the client sent. */
export interface Problem {
  /** The address of a page about the code, relative to the host: `/erros/` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: PublicErrorCode;
  readonly detail: string;
  /** The source that was lost, on 503 alone. */
  readonly fonte?: Fonte;
  /** Why, on 403 alone. */
  readonly motivo?: RefusalReason['motivo'];
  /** The scopes that the token must have, with the reason ESCOPO. */
  readonly escopos?: RefusalReason['escopos'];
}

/** @param detail our own words, without any value the client sent; default: the message of the code */
export function problemFor(code: PublicErrorCode, detail?: string, fonte?: Fonte, reason?: RefusalReason): Problem {
  const { status, message } = publicErrors[code];
  return {
    type: `/erros/${code}`,
    title: message,
    status,
    code,
    detail: detail ?? message,
    ...(fonte === undefined ? {} : { fonte }),
    ...refusalReasonOf(code, reason),
  };
}

/**
 * The whole refusal: `problemFor` with `Retry-After` (seconds) on 429 and 503, and `WWW-Authenticate` on 401 and where
 * other scopes would help.
 */
export function problemAnswer(
  code: PublicErrorCode,
  detail?: string,
  fonte?: Fonte,
  reason?: RefusalReason,
): RestAnswer {
  const body = problemFor(code, detail, fonte, reason);
  const challenge = code === 'UNAUTHENTICATED' ? 'Bearer' : reason && challengeOf(reason);
  const retryAfter = retryAfterSeconds[code];
  return {
    status: body.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    },
    body,
  };
}
