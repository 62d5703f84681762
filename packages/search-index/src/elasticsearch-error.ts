import { errors } from '@elastic/elasticsearch';

/**
 * Converts an error of the client to one that may be logged: it has the kind of error and no data. The client's error contains the
 * request with its body, and Elasticsearch quotes values that it cannot read.
 */
export function elasticsearchError(error: unknown): Error {
  if (error instanceof errors.ResponseError) {
    const type = (error.body as { error?: { type?: unknown } } | undefined)?.error?.type;
    return new Error(`Elasticsearch answered ${error.statusCode}${typeof type === 'string' ? ` ${type}` : ''}`);
  }
  return new Error(`Elasticsearch gave no answer: ${Error.isError(error) ? error.name : typeof error}`);
}

/** True for an answer of Elasticsearch with this HTTP status. */
export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof errors.ResponseError && error.statusCode === status;
