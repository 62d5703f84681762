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
 * Makes differing postings what they are in Base C. A row keeps its own version, and what is gone is removed at the version
 * that the index has: whatever the follower has written since is newer, and stays. So does, for an hour, that a document is
 * gone which somebody removed by hand: look again afterwards.
 *
 * @throws ConfigError when the index is of another mapping, mode or key than ours; RebuildNeeded
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
    // Asked before the rows are read: a change that these do not show has a higher version.
    const versions = await source.versionsOf(ids, index, position);
    const rows = new Map((await rowsById(baseC, ids)).map((row) => [row.id, row]));
    const changes: Change[] = [];
    for (const { id, cpfHash: hash, version = 0 } of some) {
      const row = rows.get(id);
      if (row && documentToStore(row, cpfHash).document.cpfHash === hash) {
        // Never below what is there, which would be refused.
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
