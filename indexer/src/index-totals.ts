import type { Client, estypes } from '@elastic/elasticsearch';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';

/** The number of postings, and the sum of their versions; undefined without versions. */
export interface Totals {
  readonly postings: number;
  readonly versionSum: number | undefined;
}

/**
 * Counts the documents that searches of an index find, including marks of postings that it cannot hold.
 *
 * @param maxVersion counts only documents up to this version, and sums their versions
 * @throws Error when a shard does not answer: the count would be too low
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

/** No query can filter by `_version`, but an aggregation can. */
const versionsUpTo = (maxVersion: number): Record<string, estypes.AggregationsAggregationContainer> => ({
  upToMax: {
    range: { field: '_version', ranges: [{ to: maxVersion + 1 }] },
    aggs: { versions: { sum: { field: '_version' } } },
  },
});
