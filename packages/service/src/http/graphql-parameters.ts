import { PublicError } from '@pessoa/domain/errors';
import type { FastifyRequest } from 'fastify';

type Parameters = Readonly<Record<string, unknown>>;

const refused = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

const isObject = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Looks at the form of a request's parameters (GraphQL over HTTP, section 5.1), of which Apollo Server would say one
 * sentence about them all, whichever it is.
 *
 * @throws PublicError BAD_USER_INPUT; LIMITE_EXCEDIDO for a list of requests
 */
export function checkParameters(request: FastifyRequest): void {
  const parameters = request.method === 'POST' ? bodyOf(request) : searchOf(request);
  for (const name of ['variables', 'extensions']) {
    const value = parameters[name] ?? undefined;
    if (value !== undefined && !isObject(value)) throw refused(`\`${name}\` is an object.`);
  }
  const { query, operationName, extensions } = parameters;
  if (typeof (operationName ?? '') !== 'string') throw refused('`operationName` is a text.');
  if (typeof (query ?? '') !== 'string') throw refused('`query` is a text.');
  // A client that sends the hash of a document first is told to send the document (PERSISTED_QUERY_NOT_SUPPORTED).
  const isByHash = isObject(extensions) && Boolean(extensions['persistedQuery']);
  if (!query && !isByHash) throw refused('`query`, the document, is missing or empty.');
}

function bodyOf({ body }: FastifyRequest): Parameters {
  if (Array.isArray(body)) throw new PublicError('LIMITE_EXCEDIDO', { detail: 'One operation a request.' });
  if (!isObject(body)) throw refused('The body is a JSON object.');
  return body;
}

function searchOf({ query }: FastifyRequest): Parameters {
  const given = query as Readonly<Record<string, string | readonly string[]>>;
  return Object.fromEntries(
    ['query', 'operationName', 'variables', 'extensions'].map((name) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (Array.isArray(value)) throw refused(`\`${name}\` is there more than once.`);
      const isJson = name === 'variables' || name === 'extensions';
      return [name, isJson && value ? parsed(name, value as string) : value];
    }),
  );
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`\`${name}\` is not JSON.`);
  }
}
