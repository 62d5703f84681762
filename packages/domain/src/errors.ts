import { type Recusa, recusaOf } from './motivo.ts';
import type { Fonte } from './services.ts';

/**
 * Every error a client may read, through GraphQL and REST alike. Clients branch on these codes: adding one is safe,
 * renaming one is a breaking change. docs/errors.md is generated from this table.
 */
export const publicErrors = {
  UNAUTHENTICATED: {
    status: 401,
    message: 'A valid bearer token is required.',
    when: 'no token, or one that does not verify',
  },
  FINALIDADE_AUSENTE: {
    status: 403,
    message: 'Say why the data is read: claim `finalidade` or header `x-finalidade`.',
    when: 'no purpose, an unknown one, or one this token may not use',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 403,
    message: 'Your token does not give access to this.',
    when: 'scope, policy or holder rule',
  },
  CPF_INVALIDO: { status: 400, message: 'This is not a valid CPF.', when: 'form or check digits of a CPF' },
  BAD_USER_INPUT: { status: 400, message: 'An argument is not valid.', when: 'any other argument' },
  NAO_ENCONTRADO: {
    status: 404,
    message: 'This base does not know the CPF.',
    when: 'REST only: the base of the route does not know the CPF, and nothing else',
  },
  ROTA_DESCONHECIDA: {
    status: 404,
    message: 'There is nothing at this path.',
    when: 'a path that is no route; case, slashes at the end and doubled slashes count',
  },
  RECURSO_DESCONHECIDO: {
    status: 404,
    message: 'There is no such page.',
    when: 'a page under a known path that does not exist, such as an error code that is not in this table',
  },
  METODO_NAO_PERMITIDO: {
    status: 405,
    message: 'This path does not take the method; `Allow` has those it takes.',
    when: 'a method that the path does not take; the header `Allow` names those that it takes',
  },
  TIPO_NAO_ACEITO: {
    status: 406,
    message: 'The header `accept` excludes every type that this path answers with.',
    when: 'an `accept` that admits no JSON',
  },
  TIPO_NAO_SUPORTADO: {
    status: 415,
    message: 'Send the body as JSON, with `content-type: application/json`, no other charset and not compressed.',
    when: 'a body of another media type, charset or content encoding',
  },
  GRAPHQL_PARSE_FAILED: { status: 400, message: 'The document is not GraphQL.', when: 'syntax of the document' },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    message: 'The document does not fit the schema.',
    when: 'fields, arguments and types of the document',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    message: 'Which operation to run is not clear.',
    when: 'several operations without `operationName`, or an unknown one',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    message: 'PersistedQueryNotSupported',
    when: 'GraphQL only: a hash without its document; clients of Apollo then send the document',
  },
  LIMITE_EXCEDIDO: { status: 400, message: 'The request is over a limit.', when: 'any limit, whoever enforces it' },
  RATE_LIMITED: { status: 429, message: 'Too many requests; try again later.', when: 'per client' },
  FONTE_INDISPONIVEL: {
    status: 503,
    message: 'A data source is unavailable; try again.',
    when: 'a base, the audit or the issuer’s keys do not answer; `extensions.fonte` names the source, if it is one',
  },
  FONTE_LENTA: {
    status: 503,
    message: 'A data source took too long; try again.',
    when: 'a base is over its time; `extensions.fonte` names the source',
  },
  FONTE_INVALIDA: {
    status: 503,
    message: 'A data source gave an answer that cannot be used.',
    when: 'an answer of the wrong shape; `extensions.fonte` names the source',
  },
  SERVICO_ENCERRANDO: { status: 503, message: 'The service is shutting down; try again.', when: 'draining' },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    message: 'Something went wrong on our side.',
    when: 'our own bug, nothing else; the cause is in the log under the interaction id',
  },
} as const satisfies Record<string, { status: number; message: string; when: string }>;

export type PublicErrorCode = keyof typeof publicErrors;

/** Seconds after which asking again makes sense: a breaker probes its source every 5 s, a client's window is a minute. */
export const retryAfterSeconds: Readonly<Partial<Record<PublicErrorCode, number>>> = {
  FONTE_INDISPONIVEL: 5,
  FONTE_LENTA: 5,
  FONTE_INVALIDA: 5,
  SERVICO_ENCERRANDO: 5,
  RATE_LIMITED: 60,
};

export const isPublicErrorCode = (code: unknown): code is PublicErrorCode =>
  typeof code === 'string' && Object.hasOwn(publicErrors, code);

/**
 * An error with a code of the closed table. `detail` is shown to the client: it must be our own words, without any
 * value the client sent.
 */
export class PublicError extends Error {
  readonly code: PublicErrorCode;
  readonly fonte: Fonte | undefined;
  /** Why it is refused, for a code of 403. */
  readonly recusa: Recusa | undefined;

  constructor(
    code: PublicErrorCode,
    options: { detail?: string; fonte?: Fonte; recusa?: Recusa | undefined; cause?: unknown } = {},
  ) {
    super(options.detail ?? publicErrors[code].message, { cause: options.cause });
    this.name = 'PublicError';
    this.code = code;
    this.fonte = options.fonte;
    this.recusa = recusaOf(code, options.recusa);
  }
}
