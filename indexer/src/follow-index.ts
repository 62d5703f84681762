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

/** Between two times of saying how far it is. */
const SAVE_MILLIS = 1_000;

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** After each page that is in the index. */
  readonly onPage?: (page: { readonly rows: number; readonly posicao: string }) => void;
  /** Postings that the index cannot hold, each time that they are met. */
  readonly onUnreadable?: (postings: readonly UnreadablePosting[]) => void;
  /** Everything committed before this can be found, and Event has been told. */
  readonly onSaved?: (emDia: Date | undefined) => void;
  /** Default: Base C and the index are not counted. */
  readonly count?: CountOptions;
}

/**
 * Keeps an index up to date until `signal`, or until the alias is on another one, and counts whether it has all of Base C.
 *
 * The position is written only when everything before it is in the index, and Base C is told after that: a process that is
 * killed at any point goes on from where it was, and writes some changes twice, which changes nothing.
 */
export async function followIndex(indexing: Indexing, from: IndexState, options: FollowOptions): Promise<void> {
  const { client, alias, source, cpfHash } = indexing;
  const { index: indice } = from;
  const { signal, onPage, onUnreadable, onSaved, count } = options;
  const generations = indexGenerations(client, alias);
  const people = notedPeople(client, alias, from);
  let state = from;
  const writer = indexWriter(client, indice, cpfHash, {
    async onUnreadable(postings) {
      onUnreadable?.(postings);
      await people.note(postings, state);
    },
  });
  let emDia: Date | undefined;
  let isRefreshed = false; // somebody before us may have written without a refresh
  let savedAt = 0;
  const counting =
    count &&
    indexCount(
      { settled: source.settled, index: (upTo) => indexTotals(client, indice, upTo), baseC: source.count },
      count,
    );
  try {
    for await (const page of writePages(source.follow(indice, from.position, signal), writer, source.isOrdered)) {
      if (page.rows > 0) isRefreshed = false;
      onPage?.(page);
      counting?.seen(page);
      if (performance.now() - savedAt < SAVE_MILLIS) continue;
      if ((await generations.current()) !== indice) return;
      let unreadablePeople: readonly string[] = people.hashes();
      if (page.emDia) {
        if (!isRefreshed) {
          await refreshIndex(client, indice);
          unreadablePeople = await people.look();
        }
        isRefreshed = true;
        emDia = page.emDia;
      }
      const upToDateAt = emDia?.toISOString() ?? from.upToDateAt;
      state = { ...from, position: page.posicao, upToDateAt, unreadablePeople };
      await writeFollowed(client, alias, state);
      source.acknowledge(page.posicao);
      savedAt = performance.now();
      onSaved?.(emDia);
    }
  } finally {
    await counting?.close();
  }
}
