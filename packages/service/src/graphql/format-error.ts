import { isPublicErrorCode, PublicError, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { type RefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import { type Fonte, fontes } from '@pessoa/domain/services';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { cutText, redactText } from './redaction.ts';

interface VisibleError {
  readonly code: PublicErrorCode;
  /** In our own words; default: the message of the table. */
  readonly message?: string;
  readonly fonte?: Fonte;
  readonly reason?: RefusalReason | undefined;
}

/** An error or one of its original errors. An error from another server is a plain object. */
interface ErrorLink {
  readonly message?: unknown;
  readonly originalError?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Codes for faults of the document. The client gets the message of graphql-js and the location. */
const documentCodes: ReadonlySet<PublicErrorCode> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

const argumentCodes: ReadonlySet<PublicErrorCode> = new Set(['BAD_USER_INPUT', 'CPF_INVALIDO', 'LIMITE_EXCEDIDO']);

const valueKinds: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** The form of our own messages about an argument: its name comes first, and there is no long number, host or path. */
const REFUSED_ARGUMENT = /^`\w{1,40}`(?: (?!\d{5})[\w`]{1,40}[,.;]?)+$/;

const NOT_GRAPHQL = 'Send JSON with a non-empty `query`, with the header `content-type: application/json`.';

/**
 * Formats an error for the client: a code and a message of the closed table, the path, the source and, for faults of the
 * document, the location. It is `formatError` of Apollo Server in the router and in the subgraphs.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { code, message, fonte, reason } = toVisibleError(formatted, linksOf(error));
  const { path, locations } = formatted;
  return {
    message: message ?? publicErrors[code].message,
    ...(path ? { path } : {}),
    ...(!path && locations ? { locations } : {}),
    extensions: { code, ...(fonte ? { fonte } : {}), ...reason },
  };
}

function linksOf(error: unknown): ErrorLink[] {
  const links: ErrorLink[] = [];
  for (let link = error; typeof link === 'object' && link !== null && links.length < 8;) {
    links.push(link);
    link = (link as ErrorLink).originalError;
  }
  return links;
}

function toVisibleError(formatted: GraphQLFormattedError, links: readonly ErrorLink[]): VisibleError {
  const publicError = links.find((link) => link instanceof PublicError);
  if (publicError) {
    const { code, message, fonte, reason } = publicError;
    return { code, message, reason, ...(fonte ? { fonte } : {}) };
  }

  const extensions = links.map((link) => link.extensions ?? {});
  const limit = limitOf(formatted.message, extensions);
  if (limit) return limit;

  // The innermost code wins, because Apollo Server replaces the code of a validation rule or a scalar by its own.
  const code = extensions.map((extension) => extension['code']).findLast(isPublicErrorCode);
  if (code === 'GRAPHQL_VALIDATION_FAILED' && isAboutValue(links)) return badLiteral(formatted.message);
  if (code && documentCodes.has(code)) return { code, message: documentMessage(formatted.message, extensions) };
  if (code) {
    const fonte = fontes.find((name) => extensions.some((extension) => extension['fonte'] === name));
    const isOurWording = argumentCodes.has(code) && REFUSED_ARGUMENT.test(formatted.message);
    const reason = extensions
      .map((extension) => refusalReasonOf(code, extension))
      .find((knownReason) => knownReason !== undefined);
    return { code, reason, ...(isOurWording ? { message: formatted.message } : {}), ...(fonte ? { fonte } : {}) };
  }
  return malformedRequest(extensions) ?? { code: 'INTERNAL_SERVER_ERROR' };
}

/** Recognizes the limits that graphql-js and Apollo Server enforce themselves. */
function limitOf(message: string, extensions: readonly Readonly<Record<string, unknown>>[]): VisibleError | undefined {
  const code = 'LIMITE_EXCEDIDO';
  const [, tokens] = /^Syntax Error: Document contains more that? (\d+) tokens/.exec(message) ?? [];
  if (tokens)
    return { code, message: `The document has at most ${tokens} tokens: names, numbers, texts and brackets.` };
  // graphql-js gave up comparing the fields of the document with one another.
  if (message === 'Validation aborted.') return { code, message: 'The document has too many fields to be compared.' };
  if (extensions.some((extension) => extension['validationErrorCode'] === 'MAX_RECURSIVE_SELECTIONS_EXCEEDED')) {
    return { code, message: 'The document has too many fields once its fragments are written out.' };
  }
  const isBatch =
    message === 'Operation batching disabled.' && extensions.some((extension) => extension['code'] === 'BAD_REQUEST');
  return isBatch ? { code: 'LIMITE_EXCEDIDO', message: 'Send one operation for each request.' } : undefined;
}

/** Whether a validation error is about a literal. Such an error gets the same code as a variable of the wrong type. */
const isAboutValue = (links: readonly ErrorLink[]): boolean =>
  links.some(
    (link) => link instanceof GraphQLError && link.nodes?.length === 1 && valueKinds.has(link.nodes[0]?.kind ?? ''),
  );

/** Finds the expected type in a message of graphql-js about a literal. */
const EXPECTED_TYPE =
  /^([A-Z]\w{1,60}) cannot represent |^Expected value of type "([\w![\]]{1,60})"|" (?:does not exist in|is not defined by type) "(\w{1,60})"|^Enum "(\w{1,60})" cannot represent |^Field "(\w{1,60})\.\w{1,60}" of required type/;

function badLiteral(message: string): VisibleError {
  const type = EXPECTED_TYPE.exec(message)
    ?.slice(1)
    .find((group) => group !== undefined);
  return { code: 'BAD_USER_INPUT', ...(type && { message: `This is not a valid \`${type}\`.` }) };
}

function documentMessage(message: string, extensions: readonly Readonly<Record<string, unknown>>[]): string {
  const isIntrospection = extensions.some((extension) => extension['validationErrorCode'] === 'INTROSPECTION_DISABLED');
  return isIntrospection ? 'Introspection is off.' : cutText(redactText(message));
}

function malformedRequest(extensions: readonly Readonly<Record<string, unknown>>[]): VisibleError | undefined {
  const codes = extensions.map((extension) => extension['code']);
  if (codes.includes('BAD_REQUEST')) return { code: 'BAD_USER_INPUT', message: NOT_GRAPHQL };
  return undefined;
}
