import { EMPTY_LINK, nextLink } from '@pessoa/transparency-log/map/person-chain';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import type { AnsweredRead } from './answered-person.ts';
import { isSealed } from './chained-record.ts';
import { verifyMapContinues } from './checkpoint-map.ts';
import type { TrustedCheckpoint } from './trusted-checkpoint.ts';
import { VerificationError } from './verification-error.ts';

/** A page of the reads of one person, of which each part alone is right. */
export interface Page {
  readonly file: string;
  readonly checkpoint: TrustedCheckpoint;
  readonly count: number;
  readonly head: Uint8Array;
  readonly reads: readonly AnsweredRead[];
}

/**
 * Puts pages together, and verifies that they are one list that only grew, and that it is whole.
 *
 * @param pages at least one, of one person, in any order
 * @returns the reads in the order of their numbers, and the checkpoints from the oldest to the newest
 * @throws VerificationError
 */
export function joinPages(pages: readonly Page[]): { reads: AnsweredRead[]; checkpoints: TrustedCheckpoint[] } {
  const sorted = pages.toSorted((one, other) => one.checkpoint.size - other.checkpoint.size);
  for (const [place, page] of sorted.entries()) if (place > 0) verifyGrown(sorted[place - 1]!, page);
  const reads = wholeList(readsByNumber(sorted), sorted.at(-1)!.count);
  verifyHeads(sorted, reads);
  const checkpoints = new Map(sorted.map(({ checkpoint }) => [checkpoint.note, checkpoint]));
  return { reads, checkpoints: [...checkpoints.values()] };
}

/** Verifies what two checkpoints, each as large as the one before or larger, may say of a person. */
function verifyGrown(older: Page, newer: Page): void {
  const { size, root } = newer.checkpoint;
  if (size === older.checkpoint.size && !isSameHash(root, older.checkpoint.root)) {
    throw new VerificationError(
      `The log has two histories: ${older.file} and ${newer.file} have different checkpoints of ${size} places.`,
    );
  }
  verifyMapContinues([older.file, older.checkpoint], [newer.file, newer.checkpoint]);
  if (newer.count < older.count) {
    throw new VerificationError(
      `Reads were removed: there are ${older.count} in ${older.file}, and ${newer.count} in ${newer.file}, which is newer.`,
    );
  }
}

function readsByNumber(pages: readonly Page[]): Map<number, AnsweredRead> {
  const reads = new Map<number, AnsweredRead>();
  for (const { file, reads: ofPage } of pages) {
    const own = new Set<number>();
    for (const read of ofPage) {
      const { number, entry } = read;
      const known = reads.get(number);
      if (own.has(number)) throw new VerificationError(`${file} has read ${number} twice.`);
      if (known && !isSameHash(known.entry, entry)) {
        throw new VerificationError(`Read ${number} has another entry in ${file} than in another file.`);
      }
      verifyHidden(known, read);
      verifyHidden(read, known);
      own.add(number);
      if (!known?.content) reads.set(number, read);
    }
  }
  return reads;
}

/** Verifies that a read which one answer hides as sealed is sealed in its record, where another answer shows that. */
function verifyHidden(hidden: AnsweredRead | undefined, shown: AnsweredRead | undefined): void {
  if (hidden?.hiddenAs !== 'EM_SIGILO' || !shown?.content || isSealed(shown.content.record)) return;
  throw new VerificationError(
    `Read ${shown.number} was never sealed, as its record in one file says: another file hides it as under seal.`,
  );
}

/** @throws VerificationError when one of the reads is missing */
function wholeList(reads: ReadonlyMap<number, AnsweredRead>, count: number): AnsweredRead[] {
  const list: AnsweredRead[] = [];
  for (let number = 1; number <= count; number += 1) {
    const read = reads.get(number);
    if (!read) throw new VerificationError(`The list is not whole: read ${number} of ${count} is missing.`);
    list.push(read);
  }
  return list;
}

/** Verifies that the chain of the reads has the head of each page at its number of reads. */
function verifyHeads(pages: readonly Page[], reads: readonly AnsweredRead[]): void {
  let link = EMPTY_LINK;
  let count = 0;
  for (const page of pages) {
    for (; count < page.count; count += 1) link = nextLink(link, reads[count]!.entry);
    if (!isSameHash(link, page.head)) {
      throw new VerificationError(
        `The reads are not those that the map names in ${page.file}: one was left out, added, changed or moved.`,
      );
    }
  }
}
