import { stat } from 'node:fs/promises';

const LOOK_MILLIS = 500;

export interface FileWatch {
  /** Looks no more. Resolves when the last call of `onChange` has settled. */
  close(): Promise<void>;
}

/**
 * Looks twice a second whether files have changed. A change counts when two looks found the same: a file may be in the middle of
 * being written. It asks the file system for their state, because its notices do not reach every kind of mount, and a mount of
 * Kubernetes changes by a link.
 *
 * @param since the state of the files that counts as known, from `stateOfFiles`
 * @param onChange is not called again before it has settled; it must not reject
 */
export function watchFiles(
  files: readonly (string | URL)[],
  since: string,
  onChange: () => Promise<void>,
  lookMillis = LOOK_MILLIS,
): FileWatch {
  let taken = since;
  let before: string | undefined;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = await stateOfFiles(files);
    const isSettled = now === before;
    before = now;
    if (now === taken || !isSettled) return;
    taken = now;
    await onChange();
  }

  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined));
  }, lookMillis);
  timer.unref();
  looking = look().finally(() => (looking = undefined));
  return {
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** A text that differs when one of the files has changed. */
export const stateOfFiles = async (files: readonly (string | URL)[]): Promise<string> =>
  (await Promise.all(files.map(stateOf))).join();

/** A file that is missing has a state too. */
const stateOf = (file: string | URL): Promise<string> =>
  stat(file, { bigint: true }).then(
    ({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(':'),
    ({ code }: NodeJS.ErrnoException) => code ?? 'unreadable',
  );
