import type { Client, estypes } from '@elastic/elasticsearch';
import { MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';

const PAGE_DOCUMENTS = 5_000;
const KEEP_ALIVE = '5m';

/** A document and its version. `document` of a foreign document has its id and routing only. */
export interface IndexedDocument {
  readonly version: number;
  readonly document: MovimentacaoDocument;
  readonly isOurs: boolean;
}

/** The id in the document: a long id is not the document's own id. */
const idOf = (source: unknown): string | undefined => {
  const { id } = (source ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
};

/**
 * Reads the documents of an index at one point in time, in pages.
 * @param query default: all documents
 * @throws Error when a shard does not answer: documents would be missing
 */
export async function* indexedDocuments(
  client: Client,
  index: string,
  query: estypes.QueryDslQueryContainer = { match_all: {} },
): AsyncGenerator<IndexedDocument[]> {
  const { id } = await client.openPointInTime({ index, keep_alive: KEEP_ALIVE });
  try {
    for (let after: estypes.SortResults | undefined; ;) {
      const answer = await client.search<MovimentacaoDocument>({
        pit: { id, keep_alive: KEEP_ALIVE },
        size: PAGE_DOCUMENTS,
        query,
        version: true,
        sort: ['_shard_doc'],
        track_total_hits: false,
        ...(after && { search_after: after }),
      });
      if (answer.timed_out || answer._shards.failed > 0) throw new Error('a shard of the index did not answer');
      const { hits } = answer.hits;
      yield hits.map(({ _id, _routing, _version, _source }) => {
        const parsed = MovimentacaoDocument.safeParse(_source);
        return parsed.success
          ? { version: _version!, document: parsed.data, isOurs: true }
          : { version: _version!, document: { id: idOf(_source) ?? _id!, cpfHash: _routing! }, isOurs: false };
      });
      if (hits.length < PAGE_DOCUMENTS) return;
      after = hits.at(-1)!.sort;
    }
  } finally {
    await client.closePointInTime({ id }).catch(() => {});
  }
}
