import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@elastic/elasticsearch';
import { type IndexState, UNREADABLE_PEOPLE_MAX, writeIndexState } from '@pessoa/search-index/index-state';
import type { UnreadablePosting } from './index-writer.ts';

/** Within this time every Event service reads the state again. */
const NOTICE_MILLIS = 2_000;
/** A person noted within this time stays in the list, even if the index does not show the mark yet. */
const RECENT_MILLIS = 60_000;

/** @returns the hashes of people with a marked posting, at most `UNREADABLE_PEOPLE_MAX` + 1 */
export async function unreadablePeople(client: Client, index: string): Promise<string[]> {
  const answer = await client.search({
    index,
    size: 0,
    query: { term: { ilegivel: true } },
    aggs: { pessoas: { terms: { field: 'cpfHash', size: UNREADABLE_PEOPLE_MAX + 1 } } },
  });
  if (answer.timed_out || answer._shards.failed > 0) throw new Error('a shard of the index did not answer');
  const { buckets } = answer.aggregations!['pessoas'] as { buckets: { key: string }[] };
  return buckets.map(({ key }) => key);
}

/** The people for whom Event must search Base C. Event learns of them before the index lacks one of their postings. */
export interface NotedPeople {
  /** Adds the people of these postings to the stored state, and waits two seconds, so that Event reads it. */
  note(postings: readonly UnreadablePosting[], state: IndexState): Promise<void>;
  /** Reads the marks of the index again; call it after a refresh of the index. @returns the hashes for the state */
  refresh(): Promise<string[]>;
  hashes(): readonly string[];
}

export function notedPeople(client: Client, alias: string, from: IndexState): NotedPeople {
  let hashes: readonly string[] = from.unreadablePeople;
  let isLoaded = false;
  const notedAtMillis = new Map<string, number>();
  return {
    hashes: () => hashes,
    async note(postings, state) {
      for (const { cpfHash } of postings) notedAtMillis.set(cpfHash, performance.now());
      const people = [...new Set([...hashes, ...postings.map(({ cpfHash }) => cpfHash)])];
      if (people.length === hashes.length) return;
      hashes = people;
      await writeIndexState(client, alias, { ...state, unreadablePeople: cutOff(people) });
      await sleep(NOTICE_MILLIS);
    },
    async refresh() {
      const since = performance.now() - RECENT_MILLIS;
      for (const [hash, at] of notedAtMillis) if (at < since) notedAtMillis.delete(hash);
      if (!isLoaded || hashes.length > 0)
        hashes = [...new Set([...(await unreadablePeople(client, from.index)), ...notedAtMillis.keys()])];
      isLoaded = true;
      return cutOff(hashes);
    },
  };
}

/** At most one hash more than the limit: that one says that there are too many. */
const cutOff = (hashes: readonly string[]): string[] => hashes.slice(0, UNREADABLE_PEOPLE_MAX + 1);
