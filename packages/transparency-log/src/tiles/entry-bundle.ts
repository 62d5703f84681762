import { TILE_WIDTH } from '../tree/tiles.ts';

/** A bundle of entries cannot be read. Its message is one sentence. */
export class EntryBundleError extends Error {}

const LENGTH_BYTES = 2;
const ENTRY_MAX_BYTES = 0xffff;

/**
 * Encodes the entries of one tile: each after its length in two bytes, the higher first (C2SP tlog-tiles).
 *
 * @throws RangeError for more than 256 entries, or one above 65,535 bytes
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH) throw new RangeError(`A bundle has at most ${TILE_WIDTH} entries.`);
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > ENTRY_MAX_BYTES) throw new RangeError(`An entry has at most ${ENTRY_MAX_BYTES} bytes.`);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** @throws EntryBundleError for bytes that do not end with an entry, or more than 256 entries */
export function decodeEntryBundle(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let from = 0;
  while (from < bytes.length) {
    if (entries.length === TILE_WIDTH) throw new EntryBundleError(`The bundle has more than ${TILE_WIDTH} entries.`);
    const start = from + LENGTH_BYTES;
    const end = start <= bytes.length ? start + view.getUint16(from) : Infinity;
    if (end > bytes.length) throw new EntryBundleError(`Entry ${entries.length} of the bundle ends early.`);
    entries.push(bytes.subarray(start, end));
    from = end;
  }
  return entries;
}
