import { type RefusalReason, refusalReasonOf } from './motivo.ts';
import type { Fonte } from './services.ts';

/**
 * Every error a client may read, through GraphQL and REST alike. Clients branch on these codes: adding one is safe,
 * renaming one is a breaking change. docs/errors.md is generated from this table.
 */
export const publicErrors = {
  UNAUTHENTICATED: {
    status: 401,
    message: 'A valid bearer token is required.',
    cause: 'the token is missing or does not verify',
  },
  FINALIDADE_AUSENTE: {
    status: 403,
    message: 'Say why the data is read: claim `finalidade` or header `x-finalidade`.',
    cause: 'the purpose is missing or unknown, or this token may not use it',
  },
  SIGILO_INADMISSIVEL: {
    status: 403,
    message: 'This token may not seal what it reads.',
    cause:
      'the claim `sigilo` is not for this client, this purpose, a holder’s token, another lawsuit than `ordem_judicial`, or a day that is over or more than a year ahead; the message says which, and nothing was read',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 403,
    message: 'Your token does not give access to this.',
    cause: 'a scope, a policy, the rule about the holder or the operator refuses; `motivo` says which',
  },
  ORIGEM_NAO_ACEITA: {
    status: 403,
    message: 'Pages of this origin may not use this path.',
    cause: 'MCP only: the header `origin` names a site that the operator does not list in `CORS_ORIGINS`',
  },
  CPF_INVALIDO: {
    status: 400,
    message: 'This is not a valid CPF.',
    cause: 'the form or the check digits of a CPF are wrong',
  },
  BAD_USER_INPUT: {
    status: 400,
    message: 'An argument is not valid.',
    cause: 'any other argument, variable, parameter, header or body is not valid',
  },
  NAO_ENCONTRADO: {
    status: 404,
    message: 'This base does not know the CPF.',
    cause: 'REST only: the base of the route does not know the CPF',
  },
  ROTA_DESCONHECIDA: {
    status: 404,
    message: 'There is nothing at this path.',
    cause: 'no route has this path; case, a slash at the end and double slashes matter',
  },
  RECURSO_DESCONHECIDO: {
    status: 404,
    message: 'There is no such page.',
    cause: 'the path is known but has no such page, for example an error code that is not in this table',
  },
  PROVA_DESCONHECIDA: {
    status: 404,
    message: 'No record of yours has this interaction id.',
    cause:
      'the audit has no record of this client and subject under the interaction id, or the CPF is not that of the holder; in the graph, the log has no proof of a record that the list has',
  },
  PROVA_PENDENTE: {
    status: 503,
    message: 'The records have no proof yet; try again.',
    cause: 'what is asked for is under no published checkpoint yet; normally it is after 2 s',
  },
  METODO_NAO_PERMITIDO: {
    status: 405,
    message: 'This path does not accept the method; `Allow` lists the methods that it accepts.',
    cause: 'the path does not accept the method; the header `Allow` lists the methods that it accepts',
  },
  TIPO_NAO_ACEITO: {
    status: 406,
    message: 'The header `accept` excludes every type that this path answers with.',
    cause: 'the header `accept` excludes JSON',
  },
  TIPO_NAO_SUPORTADO: {
    status: 415,
    message: 'Send the body as JSON, with `content-type: application/json`, no other charset and not compressed.',
    cause: 'the body has another media type, charset or content encoding',
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    message: 'The document is not GraphQL.',
    cause: 'the document has a syntax error',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    message: 'The document does not fit the schema.',
    cause: 'the document uses a field, argument or type that the schema does not have',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    message: 'Which operation to run is not clear.',
    cause: 'the document has several operations and `operationName` is missing, or no operation has that name',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    message: 'PersistedQueryNotSupported',
    cause:
      'GraphQL only: the request has the id of a persisted operation, and this router knows none; Apollo clients then send the document',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    message: 'PersistedQueryNotFound',
    cause:
      'GraphQL only: no persisted operation has the id, and the router also runs documents; Apollo clients then send the document',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 400,
    message: 'This router runs only the operations of its list, and this is none of them.',
    cause:
      'GraphQL only: the router runs only the persisted operations of its list, and no operation of the list has this id or this document',
  },
  LIMITE_EXCEDIDO: {
    status: 400,
    message: 'The request is over a limit.',
    cause: 'the request is over a limit, such as its size, depth, cost, page size or number of people',
  },
  RATE_LIMITED: {
    status: 429,
    message: 'Your client has used up a quota; try again later.',
    cause:
      'the client has used up its quota of requests, different CPFs or cost, too many of its requests wait, or the process had no room for the request within 2 s',
  },
  FONTE_INDISPONIVEL: {
    status: 503,
    message: 'A data source is unavailable; try again.',
    cause:
      'a base, the audit or the keys of the issuer do not answer; `extensions.fonte` names the source, except for keys',
  },
  FONTE_LENTA: {
    status: 503,
    message: 'A data source took too long; try again.',
    cause: 'a base did not answer in time; `extensions.fonte` names the source',
  },
  FONTE_INVALIDA: {
    status: 503,
    message: 'A data source gave an answer that cannot be used.',
    cause: 'a base or a service gave an answer of the wrong shape; `extensions.fonte` names the source',
  },
  SERVICO_ENCERRANDO: {
    status: 503,
    message: 'The service is shutting down; try again.',
    cause: 'the service is shutting down and accepts no new requests',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    message: 'Something went wrong on our side.',
    cause: 'a bug of ours; the log has it under the interaction id',
  },
} as const satisfies Record<string, { status: number; message: string; cause: string }>;

export type PublicErrorCode = keyof typeof publicErrors;

/** Seconds after which a client may ask again. A breaker probes its source every 5 s. */
export const retryAfterSeconds: Readonly<Partial<Record<PublicErrorCode, number>>> = {
  FONTE_INDISPONIVEL: 5,
  FONTE_LENTA: 5,
  FONTE_INVALIDA: 5,
  PROVA_PENDENTE: 1,
  SERVICO_ENCERRANDO: 5,
  RATE_LIMITED: 60,
};

export const isPublicErrorCode = (code: unknown): code is PublicErrorCode =>
  typeof code === 'string' && Object.hasOwn(publicErrors, code);

/**
 * An error that a client may read. `detail` replaces the message of the code: it must be our own words, without any value
 * that the client sent.
 */
export class PublicError extends Error {
  readonly code: PublicErrorCode;
  readonly fonte: Fonte | undefined;
  /** Why access is refused; only for the codes with status 403. */
  readonly reason: RefusalReason | undefined;

  constructor(
    code: PublicErrorCode,
    options: { detail?: string; fonte?: Fonte; reason?: RefusalReason | undefined; cause?: unknown } = {},
  ) {
    super(options.detail ?? publicErrors[code].message, { cause: options.cause });
    this.name = 'PublicError';
    this.code = code;
    this.fonte = options.fonte;
    this.reason = refusalReasonOf(code, options.reason);
  }
}
