import { errors } from '@elastic/elasticsearch';
import { elasticsearchError } from '@pessoa/search-index/elasticsearch-error';

/** The message of an error of indexing, without stored data or request bodies. */
export function indexingErrorMessage(error: unknown): string {
  if (error instanceof errors.ElasticsearchClientError) return elasticsearchError(error).message;
  return error instanceof Error ? error.message : String(error);
}
