import { openSharedCache, type SharedCache } from './shared-cache.ts';

/** Takes the people of an import out of the cache, batch by batch. A cache that is lost never fails the import. */
export interface ImportedPeople {
  readonly forget: (cpfs: readonly string[]) => Promise<void>;
  /** @returns what to tell the person at the keyboard, if the cache still has old data of somebody */
  close(): Promise<string | undefined>;
}

/** @returns undefined when no Redis is configured */
export async function importedPeople(env: NodeJS.ProcessEnv): Promise<ImportedPeople | undefined> {
  let cache: SharedCache | undefined;
  let failure: string | undefined;
  const note = (error: unknown): void => void (failure ??= error instanceof Error ? error.message : String(error));
  try {
    cache = await openSharedCache(env);
    if (!cache) return undefined;
  } catch (error) {
    note(error);
  }
  return {
    async forget(cpfs) {
      if (failure === undefined) await cache?.forget(cpfs).catch(note); // once lost it is not waited for again
    },
    async close() {
      await cache?.close();
      return failure === undefined ? undefined : notice(failure);
    },
  };
}

const notice = (failure: string): string =>
  `the cache may still have old data of people in this file (${failure}): import it again when the cache is back, ` +
  'or wait until what it keeps is past its time (CACHE_TTL_SECONDS)';
