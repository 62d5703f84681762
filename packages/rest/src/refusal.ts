import { isPublicErrorCode } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { firstRefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import type { RefusalReason } from '@pessoa/domain/motivo';
import { type Fonte, fontes } from '@pessoa/domain/services';
import type { GraphQLFormattedError } from 'graphql';
import type { z } from 'zod';
import { problemAnswer } from './problem.ts';
import type { RestAnswer } from './problem.ts';

/** The refusal of parameters that do not read: the CPF first, then the first of the others. */
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
  'INTERNAL_SERVER_ERROR',
];

function refusalOf({ message, extensions }: GraphQLFormattedError): Refusal {
  const code = extensions?.['code'];
  // The documents are ours: when one does not fit the schema, the caller can do nothing about it.
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

/** Messages name arguments in backquotes; here they are query parameters. */
const withParameterNames = (message: string): string =>
  message.replace(/`(\w+)`/g, (quoted, name: string) =>
    Object.hasOwn(parameterNames, name) ? `\`${parameterNames[name]}\`` : quoted,
  );

/**
 * The order in which several errors are looked for. Authorisation goes before everything else: otherwise a caller
 * without the right would learn from a 404 or a 503 that the CPF exists.
 */
const codesByPrecedence: readonly (readonly PublicErrorCode[])[] = [
  ['UNAUTHENTICATED'],
  ['FINALIDADE_AUSENTE'],
  ['UNAUTHORIZED_FIELD_OR_TYPE'],
  ['FONTE_INDISPONIVEL', 'FONTE_LENTA', 'FONTE_INVALIDA'],
  ['RATE_LIMITED'],
];

/** The one refusal that several errors of an operation make; an error without a code of the table is our own bug. */
export function answerErrors(errors: readonly GraphQLFormattedError[]): RestAnswer {
  const refusals = errors.map(refusalOf);
  const chosen =
    codesByPrecedence.flatMap((codes) => refusals.filter(({ code }) => codes.includes(code))).at(0) ?? refusals.at(0);
  const { code = 'INTERNAL_SERVER_ERROR', detail, fonte } = chosen ?? {};
  const reason = firstRefusalReason(refusals.flatMap((one) => (one.code === code ? [one.reason] : [])));
  return problemAnswer(code, detail, fonte, reason);
}
