import type { Client, estypes } from '@elastic/elasticsearch';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';

/** How many postings there are, and the sum of their versions where both sides know these. */
export interface Totals {
  readonly postings: number;
  readonly versoes: number | undefined;
}

/**
 * What can be found in an index now, marks of postings that it cannot hold among it.
 *
 * @param upTo counts versions up to there only, and sums them
 * @throws Error when a shard did not answer: what came would not be all
 */
export async function indexTotals(client: Client, indice: string, upTo: number | undefined): Promise<Totals> {
  await refreshIndex(client, indice);
  const { timed_out, _shards, hits, aggregations } = await client.search({
    index: indice,
    size: 0,
    track_total_hits: true,
    ...(upTo !== undefined && { aggs: versionsUpTo(upTo) }),
  });
  if (timed_out || _shards.failed > 0) throw new Error('a shard of the index did not answer');
  if (upTo === undefined) return { postings: (hits.total as estypes.SearchTotalHits).value, versoes: undefined };
  const [ate] = (aggregations!['ate'] as { buckets: [{ doc_count: number; versoes: { value: number } }] }).buckets;
  return { postings: ate.doc_count, versoes: ate.versoes.value };
}

/** Elasticsearch keeps versions beside the documents, where no query looks, but an aggregation does. */
const versionsUpTo = (upTo: number): Record<string, estypes.AggregationsAggregationContainer> => ({
  ate: {
    range: { field: '_version', ranges: [{ to: upTo + 1 }] },
    aggs: { versoes: { sum: { field: '_version' } } },
  },
});
