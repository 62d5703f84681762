import { openSharedCache, type SharedCache } from './shared-cache.ts';

/** Removes the imported people from the cache, batch by batch. A failure of the cache does not fail the import. */
export interface ImportedPeople {
  readonly forget: (cpfs: readonly string[]) => Promise<void>;
  /** @returns a notice for the operator if the cache may still have old data */
  close(): Promise<string | undefined>;
}

/** @returns undefined when no Redis is configured */
export async function importedPeople(env: NodeJS.ProcessEnv): Promise<ImportedPeople | undefined> {
  let cache: SharedCache | undefined;
  let failure: string | undefined;
  const noteFailure = (error: unknown): void =>
    void (failure ??= error instanceof Error ? error.message : String(error));
  try {
    cache = await openSharedCache(env);
    if (!cache) return undefined;
  } catch (error) {
    noteFailure(error);
  }
  return {
    async forget(cpfs) {
      if (failure === undefined) await cache?.forget(cpfs).catch(noteFailure); // after a failure, no batch waits for the cache
    },
    async close() {
      await cache?.close();
      return failure === undefined ? undefined : notice(failure);
    },
  };
}

const notice = (failure: string): string =>
  `the cache may still have old data of people in this file (${failure}): import it again when the cache is back, ` +
  'or wait until the cached entries expire (CACHE_TTL_SECONDS)';
