import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAtomically } from '@pessoa/service/processes/atomic-file';
import { isRunning, ownMark, type ProcessMark, signal } from '@pessoa/service/processes/process-table';

/** What a running system writes into `running.json` of its folder. */
interface RunningSystem extends ProcessMark {
  readonly url: string;
  readonly isEnding: boolean;
  readonly services: readonly (ProcessMark & { readonly name: string })[];
}

/** A data folder that no other process may use while this one runs. */
export interface HomeLock {
  /** Writes down the services. After a SIGKILL of this process, the next start waits for them. */
  noteServices(services: RunningSystem['services']): Promise<void>;
  noteEnding(): Promise<void>;
  release(): Promise<void>;
}

/** Another system runs in this data folder. */
export class AlreadyRunningError extends Error {}

const LOOK_MILLIS = 50;
/** A system whose npm was killed notices it within this time. */
const NOTICE_MILLIS = 700;
/** A service whose supervisor was killed drains within this time. */
const DRAINED_MILLIS = 25_000;

/**
 * Takes the data folder of an embedded system. It waits for an earlier system that is ending, and for the services of one
 * that was killed.
 *
 * @param url URL of the router that will start
 * @throws AlreadyRunningError with the pid of the other system
 */
export async function lockHome(home: string, url: string, say: (line: string) => void): Promise<HomeLock> {
  const file = join(home, 'running.json');
  const thisSystem: RunningSystem = { ...ownMark(), url, isEnding: false, services: [] };
  await waitUntilFree(file, say);
  await writeFile(file, JSON.stringify(thisSystem), { flag: 'wx', mode: 0o600 }).catch(
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      throw alreadyRunning(await readRunningSystem(file)); // it started at the same moment
    },
  );
  let current = thisSystem;
  const write = (next: RunningSystem): Promise<void> => {
    current = next;
    return writeAtomically(file, JSON.stringify(current), { mode: 0o600 });
  };
  return {
    noteServices: (services) => write({ ...current, services }),
    noteEnding: () => write({ ...current, isEnding: true }),
    release: () => rm(file, { force: true }),
  };
}

async function waitUntilFree(file: string, say: (line: string) => void): Promise<void> {
  const since = performance.now();
  let hasSaid = false;
  for (;;) {
    const earlier = await readRunningSystem(file);
    if (!earlier) return rm(file, { force: true });
    const isAlive = isRunning(earlier);
    if (isAlive && !earlier.isEnding && performance.now() - since > NOTICE_MILLIS) throw alreadyRunning(earlier);
    const runningServices = earlier.services.filter(isRunning);
    if (!isAlive && runningServices.length === 0) return rm(file, { force: true });
    if (!isAlive && performance.now() - since > DRAINED_MILLIS)
      for (const { pid } of runningServices) signal(pid, 'SIGKILL');
    if (!hasSaid && (earlier.isEnding || !isAlive)) {
      const processes = isAlive
        ? `pid ${earlier.pid}`
        : runningServices.map(({ name, pid }) => `${name}, pid ${pid}`).join('; ');
      say(`waiting for an earlier system of this folder to end (${processes})`);
      hasSaid = true;
    }
    await sleep(LOOK_MILLIS);
  }
}

const alreadyRunning = (running: RunningSystem | undefined): AlreadyRunningError =>
  new AlreadyRunningError(
    `Pessoa itself is running in this folder (pid ${running?.pid}, ${running?.url}): stop it with Ctrl-C in its terminal, or with ` +
      `\`kill ${running?.pid}\`. A second system needs a folder of its own (PESSOA_HOME) and other ports.`,
  );

const readRunningSystem = (file: string): Promise<RunningSystem | undefined> =>
  readFile(file, 'utf8').then(parseRunningSystem, () => undefined);

/** @returns undefined for a file that a full disk cut short, or that is not ours */
function parseRunningSystem(json: string): RunningSystem | undefined {
  try {
    const { pid, startedAt, url, isEnding, services } = JSON.parse(json) as Partial<RunningSystem>;
    if (typeof pid !== 'number' || typeof startedAt !== 'string' || !Array.isArray(services)) return undefined;
    return { pid, startedAt, url: String(url), isEnding: isEnding === true, services: services.filter(isMark) };
  } catch {
    return undefined;
  }
}

const isMark = (entry: unknown): boolean => typeof (entry as Partial<ProcessMark> | null)?.pid === 'number';
