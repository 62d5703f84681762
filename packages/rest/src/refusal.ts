import { isPublicErrorCode } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { firstRefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import type { RefusalReason } from '@pessoa/domain/motivo';
import { type Fonte, fontes } from '@pessoa/domain/services';
import type { GraphQLFormattedError } from 'graphql';
import type { z } from 'zod';
import { problemAnswer } from './problem.ts';
import type { RestAnswer } from './problem.ts';

/** The refusal of invalid parameters. It is about the CPF when the CPF is invalid, otherwise about the first one that is. */
export function answerInvalidParams(error: z.ZodError): RestAnswer {
  const cpfIssue = error.issues.find((issue) => issue.path[0] === 'path');
  if (cpfIssue !== undefined) return problemAnswer('CPF_INVALIDO');
  const [issue] = error.issues;
  return problemAnswer(issue?.code === 'too_big' ? 'LIMITE_EXCEDIDO' : 'BAD_USER_INPUT', issue?.message);
}

interface Refusal {
  readonly code: PublicErrorCode;
  readonly detail: string | undefined;
  readonly fonte: Fonte | undefined;
  readonly reason?: RefusalReason | undefined;
}

const ourBugs: readonly PublicErrorCode[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'INTERNAL_SERVER_ERROR',
];

function refusalOf({ message, extensions }: GraphQLFormattedError): Refusal {
  const code = extensions?.['code'];
  // The documents of the routes are ours, so an invalid document is our bug and not the fault of the caller.
  if (!isPublicErrorCode(code) || ourBugs.includes(code)) {
    return { code: 'INTERNAL_SERVER_ERROR', detail: undefined, fonte: undefined };
  }
  return {
    code,
    detail: withParameterNames(message),
    fonte: toFonte(extensions?.['fonte']),
    reason: refusalReasonOf(code, extensions),
  };
}

const toFonte = (value: unknown): Fonte | undefined => fontes.find((fonte) => fonte === value);

const parameterNames: Readonly<Record<string, string>> = { after: 'cursor', first: 'limite', tipos: 'tipo' };

/** Messages name GraphQL arguments in backquotes; this replaces them by the names of the query parameters. */
const withParameterNames = (message: string): string =>
  message.replace(/`(\w+)`/g, (quoted, name: string) =>
    Object.hasOwn(parameterNames, name) ? `\`${parameterNames[name]}\`` : quoted,
  );

/**
 * Which error becomes the answer when there are several. Authorisation comes first: otherwise a caller without the right
 * could learn from a 404 or a 503 that the CPF exists.
 */
const codesByPrecedence: readonly (readonly PublicErrorCode[])[] = [
  ['UNAUTHENTICATED'],
  ['FINALIDADE_AUSENTE', 'SIGILO_INADMISSIVEL'],
  ['UNAUTHORIZED_FIELD_OR_TYPE'],
  ['FONTE_INDISPONIVEL', 'FONTE_LENTA', 'FONTE_INVALIDA'],
  ['RATE_LIMITED'],
];

/** The single refusal that answers the errors of an operation. An error without a code of the table is a bug of ours. */
export function answerErrors(errors: readonly GraphQLFormattedError[]): RestAnswer {
  const refusals = errors.map(refusalOf);
  const chosenRefusal =
    codesByPrecedence.flatMap((codes) => refusals.filter(({ code }) => codes.includes(code))).at(0) ?? refusals.at(0);
  const { code = 'INTERNAL_SERVER_ERROR', detail, fonte } = chosenRefusal ?? {};
  const reason = firstRefusalReason(refusals.flatMap((refusal) => (refusal.code === code ? [refusal.reason] : [])));
  return problemAnswer(code, detail, fonte, reason);
}
