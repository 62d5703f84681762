import type { Client, estypes } from '@elastic/elasticsearch';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';

/** How many postings there are, and the sum of their versions where both sides know these. */
export interface Totals {
  readonly postings: number;
  readonly versionSum: number | undefined;
}

/**
 * What can be found in an index now, marks of postings that it cannot hold among it.
 *
 * @param maxVersion counts versions up to there only, and sums them
 * @throws Error when a shard did not answer: what came would not be all
 */
export async function indexTotals(client: Client, index: string, maxVersion: number | undefined): Promise<Totals> {
  await refreshIndex(client, index);
  const { timed_out, _shards, hits, aggregations } = await client.search({
    index,
    size: 0,
    track_total_hits: true,
    ...(maxVersion !== undefined && { aggs: versionsUpTo(maxVersion) }),
  });
  if (timed_out || _shards.failed > 0) throw new Error('a shard of the index did not answer');
  if (maxVersion === undefined)
    return { postings: (hits.total as estypes.SearchTotalHits).value, versionSum: undefined };
  const [range] = (aggregations!['upToMax'] as { buckets: [{ doc_count: number; versions: { value: number } }] })
    .buckets;
  return { postings: range.doc_count, versionSum: range.versions.value };
}

/** Elasticsearch keeps versions beside the documents, where no query looks, but an aggregation does. */
const versionsUpTo = (maxVersion: number): Record<string, estypes.AggregationsAggregationContainer> => ({
  upToMax: {
    range: { field: '_version', ranges: [{ to: maxVersion + 1 }] },
    aggs: { versions: { sum: { field: '_version' } } },
  },
});
