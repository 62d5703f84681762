import type { IncomingMessage } from 'node:http';
import { PublicError } from '@pessoa/domain/errors';
import { finalidades, isFinalidade } from '@pessoa/domain/finalidade';
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const INTERACTION_HEADER = 'x-fapi-interaction-id';

/** The interaction id that the client sent, in lower case; undefined when it sent none, or one that is not a UUID. */
export function clientInteractionId({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const id = headers[INTERACTION_HEADER];
  return typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : undefined;
}

/** The message for bytes that are not a request of HTTP/1.1. */
export const NOT_HTTP = 'This is not an HTTP/1.1 request.';

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

/**
 * Finds a fault of the request line or of the headers `host` and `transfer-encoding`, for any path. A query that is not
 * UTF-8 is a fault, because it would be read as a different text and find nothing.
 */
export function requestLineFault({ raw, url }: FastifyRequest): PublicError | undefined {
  if (raw.httpVersionMajor !== 1) return badInput(NOT_HTTP);
  const fault = hostFault(raw) ?? targetFault(raw);
  if (fault) return fault;
  const coding = raw.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    return badInput('`transfer-encoding` may only be chunked.');
  }
  const query = url.indexOf('?');
  if (query === -1 || !url.includes('%', query)) return undefined;
  try {
    if (decodeURIComponent(url.slice(query)).includes('\0')) return badInput('The query has a NUL character.');
    return undefined;
  } catch {
    return badInput('The query is not percent-encoded UTF-8.');
  }
}

/** Checks the header `host` (RFC 9112 section 3.2). */
function hostFault({ headers: { host }, httpVersion, rawHeaders }: IncomingMessage): PublicError | undefined {
  if (host === undefined) return httpVersion === '1.1' ? badInput('The header `host` is missing.') : undefined;
  if (isHeaderRepeated(rawHeaders, 'host')) return badInput('The header `host` occurs more than once.');
  return HOST.test(host) ? undefined : badInput('The header `host` is neither a name nor an address.');
}

/** A name, an IPv4 or an IPv6 address, with or without a port. RFC 9112 also allows an empty host. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/** Checks the target (RFC 9112 section 3.2): a path, an absolute URL, or `*` for the whole server. */
function targetFault({ method, url = '' }: IncomingMessage): PublicError | undefined {
  if (url.includes('#')) return badInput('A request must not have a fragment (`#`).');
  return url === '*' && method !== 'OPTIONS' ? badInput('`*` is only for OPTIONS.') : undefined;
}

/**
 * Whether a header occurs more than once. For some headers Node keeps the first and drops the others, but a proxy in front
 * of us may have used another.
 */
export function isHeaderRepeated(rawHeaders: readonly string[], header: string): boolean {
  let times = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === header.length && name.toLowerCase() === header) times += 1;
  }
  return times > 1;
}

/**
 * Checks the headers of a request for data before its body is read. It runs after the token is checked, so that a caller
 * without a valid token learns nothing else.
 *
 * @throws PublicError BAD_USER_INPUT, TIPO_NAO_ACEITO, TIPO_NAO_SUPORTADO
 */
export function checkHeaders(request: FastifyRequest): void {
  const fault = headerFault(request);
  if (fault) throw fault;
}

function headerFault(request: FastifyRequest): PublicError | undefined {
  const { headers, method } = request;
  if (headers[INTERACTION_HEADER] !== undefined && clientInteractionId(request) === undefined) {
    return badInput(`\`${INTERACTION_HEADER}\` is a UUID, given once.`);
  }
  const finalidade = headers['x-finalidade'];
  if (finalidade !== undefined && !isFinalidade(finalidade)) {
    return badInput(`\`x-finalidade\` is one of ${finalidades.join(', ')}, given once.`);
  }
  if (headers['x-cost'] !== undefined && headers['x-cost'] !== 'true')
    return badInput('`x-cost` is `true`, given once.');
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return badInput('`expect` may only be 100-continue.');
  }
  if (!acceptsJson(headers.accept)) return new PublicError('TIPO_NAO_ACEITO');
  if (method !== 'POST') return undefined;
  const unsupported = bodyFault(request);
  return unsupported === undefined ? undefined : new PublicError('TIPO_NAO_SUPORTADO', { detail: unsupported });
}

const JSON_TYPES = ['application/json', 'application/graphql-response+json', 'application/problem+json'];

/** The headers of nearly all clients, which need no parsing. */
const COMMON_ACCEPTS: ReadonlySet<string | undefined> = new Set([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/json, */*',
]);

/** Whether `application/json` is what a client wants most, by a header that needs no parsing. */
export const takesPlainJson = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  COMMON_ACCEPTS.has(headers.accept);

/** Whether a header `accept` allows an answer of this API (RFC 9110 section 12.5.1). */
const acceptsJson = (accept: string | undefined): boolean =>
  COMMON_ACCEPTS.has(accept) || new Negotiator({ headers: { accept } }).mediaTypes(JSON_TYPES).length > 0;

/** Checks that the body is JSON in UTF-8, the only encoding of RFC 8259. Other parameters of the type are ignored. */
function bodyFault({ headers, raw }: FastifyRequest): string | undefined {
  const { 'content-type': contentType, 'content-encoding': encoding } = headers;
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return 'The body must not be compressed.';
  if (!contentType) return 'The header `content-type` is missing: send `application/json`.';
  if (isHeaderRepeated(raw.rawHeaders, 'content-type')) return 'The header `content-type` occurs more than once.';
  if (contentType === 'application/json') return undefined;
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/json') return 'The body must be `application/json`.';
  const isInUtf8 = parameters.every((parameter) => !parameter.startsWith('charset') || UTF8_CHARSET.test(parameter));
  return isInUtf8 ? undefined : 'The body must be in UTF-8.';
}

const UTF8_CHARSET = /^charset="?utf-?8"?$/;
