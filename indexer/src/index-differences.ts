import { documentIdOf, documentText, documentToStore } from '@pessoa/search-index/movimentacao-document';
import { baseRows, rowsById } from './base-rows.ts';
import type { Indexing } from './build-index.ts';
import { bucketOf } from './index-check.ts';
import { indexedDocuments } from './indexed-documents.ts';

/** A posting that the index lacks (`missing`), that only the index has (`surplus`), or that has other values (`changed`). */
export interface Difference {
  readonly kind: 'missing' | 'surplus' | 'changed';
  readonly bucket: string;
  readonly id: string;
  readonly cpfHash: string;
  /** The version of the document in the index; undefined if the index has none. */
  readonly version: number | undefined;
}

/** The number of buckets compared at a time. With five million postings, some 300,000 ids are in memory. */
const BUCKETS_AT_ONCE = 16;
const IDS_AT_ONCE = 1_000;
/** With more differences, building a new index is faster than repairing the old one. */
const DIFFERENCES_MAX = 100_000;

export interface DifferencesOptions {
  /** How long a running indexer gets to write pending changes before the differences are compared again. */
  readonly settleMillis: number;
  /** Default 100,000. */
  readonly max?: number;
}

/**
 * Compares these buckets posting by posting. Reads all of Base C once for each 16 buckets. Compares the differences again after
 * `settleMillis`, so that a pending change does not count.
 *
 * @throws TooManyDifferences when more than `max` postings differ
 */
export async function findDifferences(
  indexing: Indexing,
  index: string,
  buckets: readonly string[],
  { settleMillis, max = DIFFERENCES_MAX }: DifferencesOptions,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (let from = 0; from < buckets.length; from += BUCKETS_AT_ONCE) {
    const some = await differencesIn(indexing, index, new Set(buckets.slice(from, from + BUCKETS_AT_ONCE)));
    if (differences.length + some.length > max)
      throw new TooManyDifferences(`more than ${max} differ: npm run index builds a new index`);
    for (const difference of some) differences.push(difference);
  }
  if (differences.length === 0) return differences;
  await new Promise((resolve) => setTimeout(resolve, settleMillis));
  const confirmed: Difference[] = [];
  for (let from = 0; from < differences.length; from += IDS_AT_ONCE) {
    confirmed.push(...(await stillDifferent(indexing, index, differences.slice(from, from + IDS_AT_ONCE))));
  }
  return confirmed;
}

export class TooManyDifferences extends Error {}

/** The key of one posting of one person. */
const placeKey = (cpfHash: string, id: string): string => `${cpfHash} ${id}`;

async function differencesIn(
  { client, baseC, cpfHash }: Indexing,
  index: string,
  buckets: ReadonlySet<string>,
): Promise<Difference[]> {
  const indexed = new Map<string, { text: string; version: number; isMark: boolean }>();
  const query = { bool: { should: [...buckets].map((value) => ({ prefix: { cpfHash: { value } } })) } };
  for await (const page of indexedDocuments(client, index, query)) {
    for (const { document, version } of page) {
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
      const stored = indexed.get(place);
      indexed.delete(place);
      // A mark stands for a posting that the index cannot hold. Event searches Base C for its person.
      if (stored?.isMark || stored?.text === documentText(document)) continue;
      const kind = stored ? 'changed' : 'missing';
      differences.push({ kind, bucket, id: document.id, cpfHash: document.cpfHash, version: stored?.version });
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

/** Reads both sides again, by id. */
async function stillDifferent(
  { client, baseC, cpfHash }: Indexing,
  index: string,
  differences: readonly Difference[],
): Promise<Difference[]> {
  const baseRowsNow = await rowsById(baseC, [...new Set(differences.map(({ id }) => id))]);
  const rows = new Map(baseRowsNow.map((row) => [row.id, documentToStore(row, cpfHash).document]));
  const { docs } = await client.mget<object>({
    index,
    docs: differences.map(({ id, cpfHash: routing }) => ({ _id: documentIdOf(id), routing })),
  });
  return differences.flatMap((difference, position) => {
    const answer = docs[position]!;
    if ('error' in answer) throw new Error('a shard of the index did not answer');
    const row = rows.get(difference.id);
    const expected = row?.cpfHash === difference.cpfHash ? row : undefined;
    const stored = 'found' in answer && answer.found ? answer : undefined;
    // If the hashes of two people lead to the same shard, the document may be the other person's.
    const ownDocument =
      (stored?._source as { cpfHash?: string } | undefined)?.cpfHash === difference.cpfHash ? stored : undefined;
    if (!expected && !ownDocument) return [];
    if (expected && ownDocument && documentText(ownDocument._source as typeof expected) === documentText(expected)) {
      return [];
    }
    const kind = expected ? (ownDocument ? 'changed' : 'missing') : 'surplus';
    return [{ ...difference, kind, version: stored?._version }];
  });
}
