import { isPublicErrorCode, PublicError, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { type RefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import { type Fonte, fontes } from '@pessoa/domain/services';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { cutText, redactText } from './redaction.ts';

interface Verdict {
  readonly code: PublicErrorCode;
  /** Our own words; default: the table's message. */
  readonly message?: string;
  readonly fonte?: Fonte;
  readonly reason?: RefusalReason | undefined;
}

/** An error or one of its causes; those of another server are plain objects. */
interface Link {
  readonly message?: unknown;
  readonly originalError?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Faults of the document: they say where in it, and graphql-js' own text of them is worth reading. */
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

/** The form in which our refusals of an argument are worded: its name first, no number as long as a CPF, no host or path. */
const REFUSED_ARGUMENT = /^`\w{1,40}`(?: (?!\d{5})[\w`]{1,40}[,.;]?)+$/;

const NOT_GRAPHQL = 'Send JSON with a non-empty `query`, with the header `content-type: application/json`.';

/**
 * What a client may read of an error: a code and a message of the closed table, the path, the source, and for faults of
 * the document where they are. For `formatError` of Apollo Server, in the router and in the subgraphs.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { code, message, fonte, reason } = verdict(formatted, linksOf(error));
  const { path, locations } = formatted;
  return {
    message: message ?? publicErrors[code].message,
    ...(path ? { path } : {}),
    ...(!path && locations ? { locations } : {}),
    extensions: { code, ...(fonte ? { fonte } : {}), ...reason },
  };
}

function linksOf(error: unknown): Link[] {
  const links: Link[] = [];
  for (let link = error; typeof link === 'object' && link !== null && links.length < 8;) {
    links.push(link);
    link = (link as Link).originalError;
  }
  return links;
}

function verdict(formatted: GraphQLFormattedError, links: readonly Link[]): Verdict {
  const ours = links.find((link) => link instanceof PublicError);
  if (ours) {
    const { code, message, fonte, reason } = ours;
    return { code, message, reason, ...(fonte ? { fonte } : {}) };
  }

  const extensions = links.map((link) => link.extensions ?? {});
  const limit = limitOf(formatted.message, extensions);
  if (limit) return limit;

  // Innermost first: Apollo Server writes its own code over the one a validation rule or a scalar gave.
  const code = extensions.map((one) => one['code']).findLast(isPublicErrorCode);
  if (code === 'GRAPHQL_VALIDATION_FAILED' && isAboutValue(links)) return badLiteral(formatted.message);
  if (code && documentCodes.has(code)) return { code, message: documentMessage(formatted.message, extensions) };
  if (code) {
    const fonte = fontes.find((one) => extensions.some((given) => given['fonte'] === one));
    const isWorded = argumentCodes.has(code) && REFUSED_ARGUMENT.test(formatted.message);
    const reason = extensions.map((given) => refusalReasonOf(code, given)).find((one) => one !== undefined);
    return { code, reason, ...(isWorded ? { message: formatted.message } : {}), ...(fonte ? { fonte } : {}) };
  }
  return notGraphql(extensions) ?? { code: 'INTERNAL_SERVER_ERROR' };
}

/** Limits that graphql-js and Apollo Server enforce, each in its own way. */
function limitOf(message: string, extensions: readonly Readonly<Record<string, unknown>>[]): Verdict | undefined {
  const code = 'LIMITE_EXCEDIDO';
  const [, tokens] = /^Syntax Error: Document contains more that? (\d+) tokens/.exec(message) ?? [];
  if (tokens)
    return { code, message: `The document has at most ${tokens} tokens: names, numbers, texts and brackets.` };
  // Comparing the document's fields with one another took too long.
  if (message === 'Validation aborted.') return { code, message: 'The document has too many fields to be compared.' };
  if (extensions.some((one) => one['validationErrorCode'] === 'MAX_RECURSIVE_SELECTIONS_EXCEEDED')) {
    return { code, message: 'The document has too many fields once its fragments are written out.' };
  }
  const isBatch = extensions.some((one) => one['code'] === 'BAD_REQUEST') && message === 'Operation batching disabled.';
  return isBatch ? { code: 'LIMITE_EXCEDIDO', message: 'One operation a request.' } : undefined;
}

/** A literal of the wrong type is the same mistake as a variable of the wrong type, and gets the same code. */
const isAboutValue = (links: readonly Link[]): boolean =>
  links.some(
    (link) => link instanceof GraphQLError && link.nodes?.length === 1 && valueKinds.has(link.nodes[0]?.kind ?? ''),
  );

/** How graphql-js names the type that a literal is not of, after the literal itself. */
const EXPECTED_TYPE =
  /^([A-Z]\w{1,60}) cannot represent |^Expected value of type "([\w![\]]{1,60})"|" (?:does not exist in|is not defined by type) "(\w{1,60})"|^Enum "(\w{1,60})" cannot represent |^Field "(\w{1,60})\.\w{1,60}" of required type/;

function badLiteral(message: string): Verdict {
  const type = EXPECTED_TYPE.exec(message)
    ?.slice(1)
    .find((one) => one !== undefined);
  return { code: 'BAD_USER_INPUT', ...(type && { message: `This is not a valid \`${type}\`.` }) };
}

function documentMessage(message: string, extensions: readonly Readonly<Record<string, unknown>>[]): string {
  const isIntrospection = extensions.some((one) => one['validationErrorCode'] === 'INTROSPECTION_DISABLED');
  return isIntrospection ? 'Introspection is off.' : cutText(redactText(message));
}

function notGraphql(extensions: readonly Readonly<Record<string, unknown>>[]): Verdict | undefined {
  const codes = extensions.map((one) => one['code']);
  if (codes.includes('BAD_REQUEST')) return { code: 'BAD_USER_INPUT', message: NOT_GRAPHQL };
  return undefined;
}
