import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@elastic/elasticsearch';
import { type IndexState, UNREADABLE_PEOPLE_MAX, writeIndexState } from '@pessoa/search-index/index-state';
import type { UnreadablePosting } from './index-writer.ts';

/** In which every Event has looked at the state again. */
const NOTICE_MILLIS = 2_000;
/** A person noted this recently is kept, whether or not the index shows the mark yet. */
const RECENT_MILLIS = 60_000;

/** @returns the hashes of people of whom the index marks a posting; one more than the state may name where there are more */
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

/** Of the index that is searched: whom Event must ask Base C about. It is told before the index lacks a posting of theirs. */
export interface NotedPeople {
  note(postings: readonly UnreadablePosting[], state: IndexState): Promise<void>;
  /** After a refresh. @returns whom the state is to name */
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

/** One more than may be named says that there are too many. */
const cutOff = (hashes: readonly string[]): string[] => hashes.slice(0, UNREADABLE_PEOPLE_MAX + 1);
