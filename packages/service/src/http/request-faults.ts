import type { IncomingMessage } from 'node:http';
import { PublicError } from '@pessoa/domain/errors';
import { finalidades, isFinalidade } from '@pessoa/domain/finalidade';
import type { FastifyRequest } from 'fastify';
import { acceptsJson } from './accepts-json.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const INTERACTION_HEADER = 'x-fapi-interaction-id';

/** A client's own id of the interaction, in lower case; undefined when it sends none or one that is no UUID. */
export function givenInteraction({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const given = headers[INTERACTION_HEADER];
  return typeof given === 'string' && UUID.test(given) ? given.toLowerCase() : undefined;
}

/** What is said of bytes that are no request of this protocol. */
export const NOT_HTTP = 'This is not an HTTP/1.1 request.';

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

/**
 * What is wrong with a request's line, whatever its path is.
 *
 * Bytes that are not UTF-8 would otherwise be read as other text than was meant, and find nothing.
 */
export function lineFault({ raw, url }: FastifyRequest): PublicError | undefined {
  if (raw.httpVersionMajor !== 1) return badInput(NOT_HTTP);
  const fault = hostFault(raw) ?? targetFault(raw);
  if (fault) return fault;
  const coding = raw.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    return badInput('`transfer-encoding` may be chunked alone.');
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

/** RFC 9112 section 3.2. Node shows the first of two, and answers by itself where there is none. */
function hostFault({ headers: { host }, httpVersion, rawHeaders }: IncomingMessage): PublicError | undefined {
  if (host === undefined) return httpVersion === '1.1' ? badInput('The header `host` is missing.') : undefined;
  if (isGivenTwice(rawHeaders, 'host')) return badInput('The header `host` is there more than once.');
  return HOST.test(host) ? undefined : badInput('The header `host` is neither a name nor an address.');
}

/** A name, an IPv4 or an IPv6 address, with or without a port; empty where there is none to name. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/** RFC 9112 section 3.2: a path, an address with its scheme, or the whole server. */
function targetFault({ method, url = '' }: IncomingMessage): PublicError | undefined {
  if (url.includes('#')) return badInput('A request has no fragment (`#`).');
  return url === '*' && method !== 'OPTIONS' ? badInput('`*` is for OPTIONS alone.') : undefined;
}

/** Node shows the first of some headers and drops the others; what stands before us may have looked at another. */
export function isGivenTwice(rawHeaders: readonly string[], header: string): boolean {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === header.length && name.toLowerCase() === header) times += 1;
  }
  return times > 1;
}

/**
 * Looks at the headers of a request for data, before its body is read. For whoever has a good token: anybody else is told
 * that alone.
 *
 * @throws PublicError BAD_USER_INPUT, TIPO_NAO_ACEITO, TIPO_NAO_SUPORTADO
 */
export function checkHeaders(request: FastifyRequest): void {
  const fault = headerFault(request);
  if (fault) throw fault;
}

function headerFault(request: FastifyRequest): PublicError | undefined {
  const { headers, method } = request;
  if (headers[INTERACTION_HEADER] !== undefined && givenInteraction(request) === undefined) {
    return badInput(`\`${INTERACTION_HEADER}\` is a UUID, given once.`);
  }
  const finalidade = headers['x-finalidade'];
  if (finalidade !== undefined && !isFinalidade(finalidade)) {
    return badInput(`\`x-finalidade\` is one of ${finalidades.join(', ')}, given once.`);
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return badInput('`expect` may ask for 100-continue alone.');
  }
  if (!acceptsJson(headers.accept)) return new PublicError('TIPO_NAO_ACEITO');
  if (method !== 'POST') return undefined;
  const unsupported = bodyFault(request);
  return unsupported === undefined ? undefined : new PublicError('TIPO_NAO_SUPORTADO', { detail: unsupported });
}

/** RFC 8259 knows no other encoding; a charset that says so is let through, and parameters that mean nothing. */
function bodyFault({ headers, raw }: FastifyRequest): string | undefined {
  const { 'content-type': contentType, 'content-encoding': encoding } = headers;
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return 'The body is read uncompressed alone.';
  if (!contentType) return 'The header `content-type` is missing: send `application/json`.';
  if (isGivenTwice(raw.rawHeaders, 'content-type')) return 'The header `content-type` is there more than once.';
  if (contentType === 'application/json') return undefined;
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((one) => one.trim());
  if (type !== 'application/json') return 'The body is read as `application/json` alone.';
  const isInUtf8 = parameters.every((one) => !one.startsWith('charset') || isUtf8.test(one));
  return isInUtf8 ? undefined : 'The body is read in UTF-8 alone.';
}

const isUtf8 = /^charset="?utf-?8"?$/;
