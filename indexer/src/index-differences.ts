import { documentIdOf, documentText, documentToStore } from '@pessoa/search-index/movimentacao-document';
import { baseRows, rowsById } from './base-rows.ts';
import type { Indexing } from './build-index.ts';
import { bucketOf } from './index-check.ts';
import { indexedDocuments } from './indexed-documents.ts';

/** A posting that the index lacks (falta), has too many (sobra) or has otherwise (difere) than Base C. */
export interface Difference {
  readonly kind: 'missing' | 'surplus' | 'changed';
  readonly bucket: string;
  readonly id: string;
  readonly cpfHash: string;
  /** Of the document that is there. */
  readonly version: number | undefined;
}

/** Buckets looked into at a time: with five million postings, some 300,000 ids in memory. */
const BUCKETS_AT_ONCE = 16;
const IDS_AT_ONCE = 1_000;
/** Beyond this a new index is sooner built than the old one looked through and mended. */
const DIFFERENCES_MAX = 100_000;

export interface DifferencesOptions {
  /** In which a follower at work catches up with what was under way. */
  readonly settleMillis: number;
  /** Default 100,000. */
  readonly max?: number;
}

/**
 * Goes through some buckets posting by posting, reading all of Base C once for each 16 of them. What differs is looked at again
 * after `settleMillis`, so that a change under way is no difference.
 *
 * @throws TooManyDifferences, without looking further
 */
export async function findDifferences(
  indexing: Indexing,
  index: string,
  buckets: readonly string[],
  { settleMillis, max = DIFFERENCES_MAX }: DifferencesOptions,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (let from = 0; from < buckets.length; from += BUCKETS_AT_ONCE) {
    const some = await differencesIn(indexing, index, new Set(buckets.slice(from, from + BUCKETS_AT_ONCE)));
    if (found.length + some.length > max)
      throw new TooManyDifferences(`more than ${max} differ: npm run index builds a new index`);
    for (const one of some) found.push(one);
  }
  if (found.length === 0) return found;
  await new Promise((resolve) => setTimeout(resolve, settleMillis));
  const confirmed: Difference[] = [];
  for (let from = 0; from < found.length; from += IDS_AT_ONCE) {
    confirmed.push(...(await stillDifferent(indexing, index, found.slice(from, from + IDS_AT_ONCE))));
  }
  return confirmed;
}

export class TooManyDifferences extends Error {}

/** Of one posting under one person's hash. */
const placeKey = (cpfHash: string, id: string): string => `${cpfHash} ${id}`;

async function differencesIn(
  { client, baseC, cpfHash }: Indexing,
  index: string,
  buckets: ReadonlySet<string>,
): Promise<Difference[]> {
  const indexed = new Map<string, { text: string; version: number; isMark: boolean }>();
  const query = { bool: { should: [...buckets].map((value) => ({ prefix: { cpfHash: { value } } })) } };
  for await (const found of indexedDocuments(client, index, query)) {
    for (const { document, version } of found) {
      const isMark = document.ilegivel === true;
      indexed.set(placeKey(document.cpfHash, document.id), { text: documentText(document), version, isMark });
    }
  }
  const differences: Difference[] = [];
  for await (const rows of baseRows(baseC)) {
    for (const row of rows) {
      const { document } = documentToStore(row, cpfHash);
      const bucket = bucketOf(document.cpfHash);
      if (!buckets.has(bucket)) continue;
      const place = placeKey(document.cpfHash, document.id);
      const there = indexed.get(place);
      indexed.delete(place);
      // In place of what the index cannot hold: its person is searched in Base C.
      if (there?.isMark || there?.text === documentText(document)) continue;
      const kind = there ? 'changed' : 'missing';
      differences.push({ kind, bucket, id: document.id, cpfHash: document.cpfHash, version: there?.version });
    }
  }
  for (const [place, { version }] of indexed) {
    const hash = place.slice(0, place.indexOf(' '));
    differences.push({
      kind: 'surplus',
      bucket: bucketOf(hash),
      id: place.slice(hash.length + 1),
      cpfHash: hash,
      version,
    });
  }
  return differences;
}

/** Both sides as they are now, by id. */
async function stillDifferent(
  { client, baseC, cpfHash }: Indexing,
  index: string,
  found: readonly Difference[],
): Promise<Difference[]> {
  const baseRowsNow = await rowsById(baseC, [...new Set(found.map(({ id }) => id))]);
  const rows = new Map(baseRowsNow.map((row) => [row.id, documentToStore(row, cpfHash).document]));
  const { docs } = await client.mget<object>({
    index,
    docs: found.map(({ id, cpfHash: routing }) => ({ _id: documentIdOf(id), routing })),
  });
  return found.flatMap((difference, position) => {
    const answer = docs[position]!;
    if ('error' in answer) throw new Error('a shard of the index did not answer');
    const row = rows.get(difference.id);
    const wanted = row?.cpfHash === difference.cpfHash ? row : undefined;
    const stored = 'found' in answer && answer.found ? answer : undefined;
    // Where two people's hashes lead to the same shard, it may be the other's.
    const there =
      (stored?._source as { cpfHash?: string } | undefined)?.cpfHash === difference.cpfHash ? stored : undefined;
    if (!wanted && !there) return [];
    if (wanted && there && documentText(there._source as typeof wanted) === documentText(wanted)) return [];
    const kind = wanted ? (there ? 'changed' : 'missing') : 'surplus';
    return [{ ...difference, kind, version: stored?._version }];
  });
}
