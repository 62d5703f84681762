import { PublicError } from '@pessoa/domain/errors';
import type { FastifyRequest } from 'fastify';

type Parameters = Readonly<Record<string, unknown>>;

/** The operation that a request asks for. `query` or `persistedQuery` is there. */
export interface OperationParameters {
  /** The document. */
  readonly query?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: Parameters | undefined;
  /** What the request has in `extensions.persistedQuery`; undefined when it has nothing, or null. */
  readonly persistedQuery?: unknown;
}

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });

const isObject = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks the parameters of a request (GraphQL over HTTP, section 5.1). Apollo Server would give the same message for each
 * of them; this names the parameter that is wrong.
 *
 * @throws PublicError BAD_USER_INPUT; LIMITE_EXCEDIDO for a list of requests
 */
export function checkParameters(request: FastifyRequest): OperationParameters {
  const parameters = request.method === 'POST' ? bodyOf(request) : queryOf(request);
  for (const name of ['variables', 'extensions']) {
    const value = parameters[name] ?? undefined;
    if (value !== undefined && !isObject(value)) throw badInput(`\`${name}\` must be an object.`);
  }
  const { query, operationName, extensions } = parameters;
  if (typeof (operationName ?? '') !== 'string') throw badInput('`operationName` must be a string.');
  if (typeof (query ?? '') !== 'string') throw badInput('`query` must be a string.');
  const persistedQuery = isObject(extensions) ? (extensions['persistedQuery'] ?? undefined) : undefined;
  if (!query && !persistedQuery) throw badInput('`query`, the document, is missing or empty.');
  return {
    query: (query ?? undefined) as string | undefined,
    operationName: (operationName ?? undefined) as string | undefined,
    variables: (parameters['variables'] ?? undefined) as Parameters | undefined,
    persistedQuery,
  };
}

function bodyOf({ body }: FastifyRequest): Parameters {
  if (Array.isArray(body)) throw new PublicError('LIMITE_EXCEDIDO', { detail: 'Send one operation for each request.' });
  if (!isObject(body)) throw badInput('The body is a JSON object.');
  return body;
}

function queryOf({ query }: FastifyRequest): Parameters {
  const values = query as Readonly<Record<string, string | readonly string[]>>;
  return Object.fromEntries(
    ['query', 'operationName', 'variables', 'extensions'].map((name) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (Array.isArray(value)) throw badInput(`\`${name}\` occurs more than once.`);
      const isJson = name === 'variables' || name === 'extensions';
      return [name, isJson && value ? parseJson(name, value as string) : value];
    }),
  );
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(`\`${name}\` is not JSON.`);
  }
}
