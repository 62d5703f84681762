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

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

/**
 * What is wrong with a request's line, whatever its path is.
 *
 * Bytes that are not UTF-8 would otherwise be read as other text than was meant, and find nothing.
 */
export function lineFault({ raw, url }: FastifyRequest): PublicError | undefined {
  // HTTP/1.1 asks for it in every request (RFC 9112 section 3.2); Node would answer by itself.
  if (raw.headers.host === undefined && raw.httpVersion === '1.1') return badInput('The header `host` is missing.');
  const query = url.indexOf('?');
  if (query === -1 || !url.includes('%', query)) return undefined;
  try {
    if (decodeURIComponent(url.slice(query)).includes('\0')) return badInput('The query has a NUL character.');
    return undefined;
  } catch {
    return badInput('The query is not percent-encoded UTF-8.');
  }
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
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity' || !isJsonInUtf8(headers['content-type'])) {
    return new PublicError('TIPO_NAO_SUPORTADO');
  }
  return undefined;
}

/** RFC 8259 knows no other encoding; a charset that says so is let through, and parameters that mean nothing. */
function isJsonInUtf8(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  if (contentType === undefined) return false;
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((one) => one.trim());
  return type === 'application/json' && parameters.every((one) => !one.startsWith('charset') || isUtf8.test(one));
}

const isUtf8 = /^charset="?utf-?8"?$/;
