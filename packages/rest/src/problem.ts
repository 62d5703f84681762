import { publicErrors, retryAfterSeconds } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { challengeOf, refusalReasonOf } from '@pessoa/domain/motivo';
import type { RefusalReason } from '@pessoa/domain/motivo';
import type { Fonte } from '@pessoa/domain/services';

/** An answer that any HTTP framework can send. Header names are in lower case. The sender writes the body as JSON. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The body of every refusal (RFC 9457). It has no CPF, no path and no value that the client sent. */
export interface Problem {
  /** The path of the page about the code: `/erros/` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: PublicErrorCode;
  readonly detail: string;
  /** The lost source; only with status 503. */
  readonly fonte?: Fonte;
  /** The reason; only with status 403. */
  readonly motivo?: RefusalReason['motivo'];
  /** The scopes that the token must have; only with the reason ESCOPO. */
  readonly escopos?: RefusalReason['escopos'];
}

/**
 * The body of a refusal.
 *
 * @param detail in our own words, without any value that the client sent; default: the message of the code
 */
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
 * A refusal with its body and its headers: `Retry-After` (seconds) on 429 and 503, and `WWW-Authenticate` on 401 and when
 * the token lacks scopes.
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
