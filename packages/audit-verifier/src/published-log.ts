import { type EntriesId, tilePath } from '@pessoa/transparency-log/tiles/tile-paths';
import { TILE_WIDTH, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import { reasonOf, VerificationError } from './verification-error.ts';

/** A log as anyone can read it (C2SP tlog-tiles). Every method throws a VerificationError when the log does not answer. */
export interface PublishedLog {
  /** The signed note of the present checkpoint. */
  checkpoint(): Promise<Uint8Array>;
  /** Tiles as wide as asked. */
  readTiles(ids: readonly TileId[]): Promise<readonly Tile[]>;
  /** The bundle of entries with this id, as long as the log has it. */
  readBundle(id: EntriesId): Promise<Uint8Array>;
}

const ANSWER_MILLIS = 10_000;
const REQUESTS_AT_ONCE = 8;

/** The most bytes of an answer. The largest is a bundle of 256 entries of 65,535 bytes. */
const ANSWER_MAX_BYTES = TILE_WIDTH * (65_535 + 2);

/**
 * A log over HTTP.
 *
 * @param url the base URL, with or without a slash at its end, to which `/checkpoint` and `/tile/…` are appended
 */
export function publishedLog(url: string): PublishedLog {
  const base = url.endsWith('/') ? url.slice(0, -1) : url;
  const get = (path: string): Promise<Uint8Array | undefined> => getBytes(`${base}/${path}`);
  const getPublished = async (path: string): Promise<Uint8Array> => {
    const bytes = await get(path);
    if (!bytes) throw new VerificationError(`The log does not publish ${path}.`);
    return bytes;
  };
  /** A partial tile may be gone once the full one is there. */
  const getTile = async (id: TileId | EntriesId): Promise<Uint8Array> =>
    (id.width < TILE_WIDTH ? await get(tilePath(id)) : undefined) ??
    (await getPublished(tilePath({ ...id, width: TILE_WIDTH })));
  return {
    checkpoint: () => getPublished('checkpoint'),
    readTiles: (ids) =>
      inTurns(ids, async (id) => {
        const hashes = (await getTile(id)).subarray(0, id.width * 32);
        if (hashes.length < id.width * 32) throw new VerificationError(`The log's ${tilePath(id)} is too short.`);
        return { ...id, hashes };
      }),
    readBundle: getTile,
  };
}

/** @returns undefined when the log does not have it */
async function getBytes(url: string): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`status ${response.status}`);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > ANSWER_MAX_BYTES) throw new Error(`more than ${ANSWER_MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new VerificationError(`The log did not answer GET ${url}: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Asks for many things, a few at a time. @returns the answers in the order of the items */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const turns = items.entries();
  const worker = async (): Promise<void> => {
    for (const [place, item] of turns) answers[place] = await ask(item);
  };
  await Promise.all(Array.from({ length: Math.min(REQUESTS_AT_ONCE, items.length) }, worker));
  return answers;
}
