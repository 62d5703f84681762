import { documentIdOf, documentToStore } from '@pessoa/search-index/movimentacao-document';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';
import { rowsById } from './base-rows.ts';
import type { Indexing } from './build-index.ts';
import type { Change } from './change-source.ts';
import type { Difference } from './index-differences.ts';
import { indexWriter } from './index-writer.ts';
import { ourIndex } from './usable-index.ts';

const IDS_AT_ONCE = 1_000;

/**
 * Writes differing postings to the index as Base C has them. Each row is written with its own version, and a surplus document is
 * deleted at the version that the index has: a newer write of the follower stays. Elasticsearch remembers a deletion by hand for
 * an hour and refuses the repair meanwhile: compare again afterwards.
 *
 * @throws ConfigError when the index has another mapping, mode or key; RebuildNeeded
 */
export async function repairIndex(
  indexing: Indexing,
  index: string,
  differences: readonly Difference[],
): Promise<void> {
  const { client, baseC, source, cpfHash } = indexing;
  const { position } = await ourIndex(indexing, index);
  const writer = indexWriter(client, index, cpfHash);
  for (let from = 0; from < differences.length; from += IDS_AT_ONCE) {
    const some = differences.slice(from, from + IDS_AT_ONCE);
    const ids = [...new Set(some.map(({ id }) => id))];
    // The versions are read before the rows: a change that the rows do not show has a higher version.
    const versions = await source.versionsOf(ids, index, position);
    const rows = new Map((await rowsById(baseC, ids)).map((row) => [row.id, row]));
    const changes: Change[] = [];
    for (const { id, cpfHash: hash, version = 0 } of some) {
      const row = rows.get(id);
      if (row && documentToStore(row, cpfHash).document.cpfHash === hash) {
        // Elasticsearch refuses a version below that of the document.
        changes.push({ version: Math.max(versions.get(id) ?? 0, version), row });
      } else {
        await client.delete(
          { index, id: documentIdOf(id), routing: hash, version, version_type: 'external_gte' },
          { ignore: [404, 409] },
        );
      }
    }
    await writer.write(changes);
  }
  await refreshIndex(client, index);
}
