import type { ReadNodes, StoredNode } from '@pessoa/transparency-log/map/stored-nodes';

/** The nodes of the upper four levels of nodes are on every way: 4,369 at most, of about 600 bytes. */
const CACHED_PATH_DIGITS = 3;

/** Holds the newest upper nodes of the map, for the one process that writes them. */
export interface NodeCache {
  /** Reads what is not there yet. */
  reading(read: ReadNodes): ReadNodes;
  /** Takes nodes that are committed. */
  keep(nodes: readonly StoredNode[]): void;
}

export function nodeCache(): NodeCache {
  const cached = new Map<string, Uint8Array>();
  const isUpper = (path: string): boolean => path.length <= CACHED_PATH_DIGITS;
  return {
    reading: (read) => async (paths) => {
      const missing = await read(paths.filter((path) => !cached.has(path)));
      for (const [path, bytes] of missing) if (isUpper(path)) cached.set(path, bytes);
      return new Map(
        paths.flatMap((path) => {
          const bytes = cached.get(path) ?? missing.get(path);
          return bytes ? [[path, bytes] as const] : [];
        }),
      );
    },
    keep(nodes) {
      for (const { path, bytes } of nodes) if (isUpper(path)) cached.set(path, bytes);
    },
  };
}

/** Reads each node once, however often it is asked for. */
export function readingOnce(read: ReadNodes): ReadNodes {
  const nodes = new Map<string, Uint8Array | undefined>();
  return async (paths) => {
    const missing = paths.filter((path) => !nodes.has(path));
    const found = missing.length > 0 ? await read(missing) : new Map<string, Uint8Array>();
    for (const path of missing) nodes.set(path, found.get(path));
    return new Map(paths.flatMap((path) => (nodes.get(path) ? [[path, nodes.get(path)!] as const] : [])));
  };
}
