import type { IndexState } from '@pessoa/search-index/index-state';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';
import type { Indexing } from './build-index.ts';
import { writePages } from './follow-pages.ts';
import { type CountOptions, indexCount } from './index-count.ts';
import { indexGenerations } from './index-generations.ts';
import { writeFollowed } from './index-position.ts';
import { indexTotals } from './index-totals.ts';
import { indexWriter, type UnreadablePosting } from './index-writer.ts';
import { notedPeople } from './unreadable-people.ts';

/** Time between two writes of the state. */
const SAVE_MILLIS = 1_000;

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Called after each page that the index has. */
  readonly onPage?: (page: { readonly rows: number; readonly position: string }) => void;
  /** Called with postings that the index cannot hold, each time that they come. */
  readonly onUnreadable?: (postings: readonly UnreadablePosting[]) => void;
  /** Called after the state is stored: searches find everything committed before this instant; undefined if it is not known. */
  readonly onSaved?: (upToDateAt: Date | undefined) => void;
  /** Options for comparing the number of postings; default: no comparison. */
  readonly count?: CountOptions;
}

/**
 * Keeps an index up to date until `signal`, or until the alias moves to another index. Compares the number of postings with
 * Base C.
 *
 * The position is stored only after the index has everything before it, and acknowledged to Base C after that. A killed process
 * therefore continues from the stored position. It writes some changes twice, which has no effect.
 */
export async function followIndex(indexing: Indexing, from: IndexState, options: FollowOptions): Promise<void> {
  const { client, alias, source, cpfHash } = indexing;
  const { index } = from;
  const { signal, onPage, onUnreadable, onSaved, count } = options;
  const generations = indexGenerations(client, alias);
  const people = notedPeople(client, alias, from);
  let state = from;
  const writer = indexWriter(client, index, cpfHash, {
    async onUnreadable(postings) {
      onUnreadable?.(postings);
      await people.note(postings, state);
    },
  });
  let currentInstant: Date | undefined;
  let isRefreshed = false; // a former process may have written without a refresh
  let savedAt = 0;
  const counting =
    count &&
    indexCount(
      {
        settledVersion: source.settledVersion,
        index: (maxVersion) => indexTotals(client, index, maxVersion),
        baseC: source.count,
      },
      count,
    );
  try {
    for await (const page of writePages(source.follow(index, from.position, signal), writer, source.isOrdered)) {
      if (page.rows > 0) isRefreshed = false;
      onPage?.(page);
      counting?.onPage(page);
      if (performance.now() - savedAt < SAVE_MILLIS) continue;
      if ((await generations.current()) !== index) return;
      let unreadablePeople: readonly string[] = people.hashes();
      if (page.upToDateAt) {
        if (!isRefreshed) {
          await refreshIndex(client, index);
          unreadablePeople = await people.refresh();
        }
        isRefreshed = true;
        currentInstant = page.upToDateAt;
      }
      const upToDateAt = currentInstant?.toISOString() ?? from.upToDateAt;
      state = { ...from, position: page.position, upToDateAt, unreadablePeople };
      await writeFollowed(client, alias, state);
      source.acknowledge(page.position);
      savedAt = performance.now();
      onSaved?.(currentInstant);
    }
  } finally {
    await counting?.close();
  }
}
