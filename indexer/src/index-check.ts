import { createHash } from 'node:crypto';
import { documentText, documentToStore, type MovimentacaoDocument } from '@pessoa/search-index/movimentacao-document';
import { refreshIndex } from '@pessoa/search-index/movimentacao-index';
import { baseRows } from './base-rows.ts';
import type { Indexing } from './build-index.ts';
import { indexGenerations } from './index-generations.ts';
import { indexedDocuments } from './indexed-documents.ts';
import { ourIndex } from './usable-index.ts';

/** People are in 256 of them, by the first two digits of the keyed hash of their CPF. */
const BUCKETS = 256;

/** One side of the comparison: how many postings each bucket has, and a sum of their hashes, whatever their order. */
export interface BucketSums {
  readonly counts: readonly number[];
  readonly hashes: readonly bigint[];
}

export interface IndexComparison {
  readonly indexName: string;
  readonly baseC: BucketSums;
  readonly index: BucketSums;
  /** Buckets that are not the same, as two hexadecimal digits. */
  readonly different: readonly string[];
  /** Ids of postings that the index cannot hold and marks; their people are searched in Base C. */
  readonly unreadable: readonly string[];
  /** Ids of documents that are none of ours; they count as different. */
  readonly foreign: readonly string[];
  /** Why it does not follow Base C any more, in words; empty when it can. */
  readonly following: readonly string[];
}

/**
 * Reads every posting of Base C and every document of the index, a page at a time. On a system at work a change between
 * the two readings makes a bucket different: `findDifferences` tells those from lost ones.
 *
 * @throws Error when the alias has no index; ConfigError when that is of another mapping, mode or key than ours
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
        const { document, motivo } = documentToStore(row, cpfHash);
        if (motivo !== undefined) unreadable.add(row.id);
        sums.add(document);
      }
    }
    return sums;
  }

  async function sumsOfIndex(): Promise<BucketSums> {
    const sums = bucketSums();
    for await (const found of indexedDocuments(client, indexName!)) {
      for (const { document, isOurs } of found) {
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
