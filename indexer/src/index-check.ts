import { createHash } from 'node:crypto';
import { documentText, documentToStore, type MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';
import { baseRows } from './base-rows.ts';
import type { Indexing } from './build-index.ts';
import { indexGenerations } from './index-generations.ts';
import { indexedDocuments } from './indexed-documents.ts';
import { ourIndex } from './usable-index.ts';

/** People are in 256 buckets, by the first two digits of the keyed hash of their CPF. */
const BUCKETS = 256;

/** The number of postings in each bucket, and the sum of their hashes, which does not depend on their order. */
export interface BucketSums {
  readonly counts: readonly number[];
  readonly hashes: readonly bigint[];
}

export interface IndexComparison {
  readonly indexName: string;
  readonly baseC: BucketSums;
  readonly index: BucketSums;
  /** Buckets that differ, each as two hexadecimal digits. */
  readonly different: readonly string[];
  /** Ids of postings that the index marks because it cannot hold them. Event searches Base C for their people. */
  readonly unreadable: readonly string[];
  /** Ids of documents that Pessoa did not write. Their buckets differ. */
  readonly foreign: readonly string[];
  /** Why the index cannot follow Base C any more, as texts; empty if it can. */
  readonly following: readonly string[];
}

/**
 * Compares every posting of Base C with every document of the index, reading both in pages. A change between the two reads makes
 * a bucket differ; `findDifferences` discards such differences.
 *
 * @throws Error when the alias has no index; ConfigError when the index has another mapping, mode or key
 */
export async function compareIndex(indexing: Indexing): Promise<IndexComparison> {
  const { client, alias, baseC, cpfHash } = indexing;
  const indexName = await indexGenerations(client, alias).current();
  if (indexName === undefined) throw new Error(`there is no index behind ${alias}: npm run index builds one`);
  const { position } = await ourIndex(indexing, indexName);
  const following = await indexing.source.faults(indexName, position);
  await refreshIndex(client, indexName);
  const unreadable = new Set<string>();
  const foreign: string[] = [];
  const [base, index] = await Promise.all([sumsOfBase(), sumsOfIndex()]);
  const different = Array.from({ length: BUCKETS }, (_, bucket) => bucket).filter(
    (bucket) => base.counts[bucket] !== index.counts[bucket] || base.hashes[bucket] !== index.hashes[bucket],
  );
  return {
    indexName,
    baseC: base,
    index,
    different: different.map(bucketName),
    unreadable: [...unreadable],
    foreign,
    following,
  };

  async function sumsOfBase(): Promise<BucketSums> {
    const sums = bucketSums();
    for await (const rows of baseRows(baseC)) {
      for (const row of rows) {
        const { document, reason } = documentToStore(row, cpfHash);
        if (reason !== undefined) unreadable.add(row.id);
        sums.add(document);
      }
    }
    return sums;
  }

  async function sumsOfIndex(): Promise<BucketSums> {
    const sums = bucketSums();
    for await (const page of indexedDocuments(client, indexName!)) {
      for (const { document, isOurs } of page) {
        if (!isOurs) foreign.push(document.id);
        if (document.ilegivel) unreadable.add(document.id);
        sums.add(document);
      }
    }
    return sums;
  }
}

const bucketName = (bucket: number): string => bucket.toString(16).padStart(2, '0');

/** The bucket of a keyed hash of a CPF, as two hexadecimal digits. */
export const bucketOf = (cpfHash: string): string => cpfHash.slice(0, 2);

function bucketSums(): BucketSums & { add(document: MovimentacaoDocument): void } {
  const counts = Array.from({ length: BUCKETS }, () => 0);
  const hashes = Array.from({ length: BUCKETS }, () => 0n);
  return {
    counts,
    hashes,
    add(document) {
      const bucket = Number.parseInt(bucketOf(document.cpfHash), 16);
      counts[bucket]! += 1;
      const hash = createHash('sha256').update(documentText(document)).digest().readBigUInt64BE();
      hashes[bucket] = BigInt.asUintN(64, hashes[bucket]! + hash);
    },
  };
}
