import { hash } from 'node:crypto';

export const fromHex = (text: string): Uint8Array => Buffer.from(text, 'hex');
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const nodeOf = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer');

/** The largest power of two below a number. */
function split(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** The root over hashes of leaves, by its definition (RFC 6962, section 2.1). */
export function rootOfLeaves(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  const left = split(leaves.length);
  return nodeOf(rootOfLeaves(leaves.slice(0, left)), rootOfLeaves(leaves.slice(left)));
}

/** The inclusion proof of a leaf, by its definition (RFC 6962, section 2.1.1). */
export function pathTo(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const left = split(leaves.length);
  return index < left
    ? [...pathTo(index, leaves.slice(0, left)), rootOfLeaves(leaves.slice(left))]
    : [...pathTo(index - left, leaves.slice(left)), rootOfLeaves(leaves.slice(0, left))];
}
