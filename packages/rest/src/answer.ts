import { PublicError } from '@pessoa/domain/errors';
import type { GraphQLFormattedError } from 'graphql';
import { problemAnswer } from './problem.ts';
import type { RestAnswer } from './problem.ts';
import { answerErrors, answerInvalidParams } from './refusal.ts';
import type { RestRoute } from './rest-route.ts';
import type { RestParams } from './route-definition.ts';

export interface RestRequest {
  /** The parameters of the path, percent-decoded. */
  readonly pathParams: Readonly<Record<string, string | undefined>>;
  /** The query, as node:querystring reads it: a repeated parameter is a list. */
  readonly query: Readonly<Record<string, unknown>>;
}

export interface RestOperation {
  readonly query: string;
  readonly operationName: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Runs one operation for the caller, through the same guard, limits and audit as GraphQL. Its errors are ready for a
 * client: each has a code of the closed table in `extensions.code`, and a `message` in our own words.
 */
export type Execute = (
  operation: RestOperation,
) => Promise<{ data?: unknown; errors?: readonly GraphQLFormattedError[] | undefined }>;

/**
 * Answers one request of a route. REST has no partial answer: when a field is refused or lost, the whole answer is an error.
 *
 * @throws any error of `execute` that is not a `PublicError`: a bug of ours, which the caller logs and answers with 500
 */
export async function answerRest(route: RestRoute, request: RestRequest, execute: Execute): Promise<RestAnswer> {
  const parsed = route.params.safeParse({ path: request.pathParams, query: request.query });
  if (!parsed.success) return answerInvalidParams(parsed.error);

  const selection = route.select(parsed.data);
  let result;
  try {
    result = await execute({
      query: selection.document,
      operationName: route.name,
      variables: selection.toVariables(parsed.data),
    });
  } catch (error) {
    if (!(error instanceof PublicError)) throw error;
    return answerErrors([
      { message: error.message, extensions: { code: error.code, fonte: error.fonte, ...error.reason } },
    ]);
  }
  const { data, errors } = result;
  if (errors !== undefined && errors.length > 0) return answerErrors(errors);

  const presence = selection.presence(data);
  if (presence === 'unknown') return problemAnswer('NAO_ENCONTRADO');
  // Without this check, a part that is null without an error would be shown as an empty list.
  if (presence === 'partial') return problemAnswer('FONTE_INVALIDA', undefined, route.fonte);

  const cursor = selection.nextCursor(data);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(cursor === undefined ? {} : { link: nextLink(route, parsed.data, cursor) }),
      ...(selection.isStale(data) ? { 'x-desatualizado': 'true' } : {}),
    },
    body: selection.toBody(data),
  };
}

/** The next page for the header `Link` (RFC 8288), relative to the host: the same path and filter, with a new cursor. */
function nextLink(route: RestRoute, { path, query }: RestParams, cursor: string): string {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor })) {
    if (value !== undefined) [value].flat().forEach((element) => next.append(name, String(element)));
  }
  return `<${route.path.replace('{cpf}', path.cpf)}?${next.toString()}>; rel="next"`;
}
