/** Leaves `start` to `end - 1`. Its hash is the Merkle Tree Hash of RFC 6962 over these leaves. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: 2^height leaves, the first of which is leaf `index` · 2^height. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The number of leaves left of the split: the largest power of two smaller than the count, which is 2 or more. */
function splitOf(count: number): number {
  let left = 1;
  while (left * 2 < count) left *= 2;
  return left;
}

/** The ranges whose hashes are an inclusion proof, from the leaf up (RFC 6962, section 2.1.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/** The ranges whose hashes are a consistency proof (RFC 6962, section 2.1.2). There are none from 0 leaves or to as many. */
export function consistencyRanges(oldSize: number, newSize: number): Range[] {
  if (oldSize === 0) return [];
  const ranges: Range[] = [];
  let start = 0;
  let end = newSize;
  while (oldSize < end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  // A verifier knows the old root, so the proof leaves it out where it is a node of the new tree.
  return start === 0 ? ranges : [{ start, end }, ...ranges];
}

/**
 * The complete subtrees of which a range consists, from left to right, each higher than the next. The range begins where a
 * subtree as high as the first of them may begin, as all ranges of proofs do.
 */
export function subtreesOf({ start, end }: Range): Subtree[] {
  const subtrees: Subtree[] = [];
  let from = start;
  while (from < end) {
    let height = 0;
    while (2 ** (height + 1) <= end - from) height += 1;
    subtrees.push({ height, index: from / 2 ** height });
    from += 2 ** height;
  }
  return subtrees;
}
