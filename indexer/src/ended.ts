import { errors } from '@elastic/elasticsearch';
import { elasticsearchError } from '@pessoa/search-index/elasticsearch-error';

/** Why indexing ended, in words that hold nothing of what was stored or asked. */
export function ended(error: unknown): string {
  if (error instanceof errors.ElasticsearchClientError) return elasticsearchError(error).message;
  return error instanceof Error ? error.message : String(error);
}
