import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '@pessoa/service/processes/kept-file';
import { isRunning, ownMark, type ProcessMark, signal } from '@pessoa/service/processes/process-table';

/** What a running system says of itself in its folder. */
interface Running extends ProcessMark {
  readonly url: string;
  readonly isEnding: boolean;
  readonly services: readonly (ProcessMark & { readonly name: string })[];
}

/** A folder of data that this process alone runs a system in. */
export interface HeldHome {
  /** For whoever starts after us, should we be killed. */
  note(services: Running['services']): Promise<void>;
  noteEnding(): Promise<void>;
  release(): Promise<void>;
}

/** Another system runs in this folder. */
export class PessoaIsRunning extends Error {}

const LOOK_MILLIS = 50;
/** In which a system whose npm was killed has noticed. */
const NOTICE_MILLIS = 700;
/** A service whose supervisor was killed has drained by then. */
const DRAINED_MILLIS = 25_000;

/**
 * Takes the folder of an embedded system. One that is ending is waited for, and so are the services of one that was killed.
 *
 * @param url of the router to be
 * @throws PessoaIsRunning naming its process
 */
export async function holdHome(home: string, url: string, say: (text: string) => void): Promise<HeldHome> {
  const file = join(home, 'running.json');
  const own: Running = { ...ownMark(), url, isEnding: false, services: [] };
  await untilFree(file, say);
  await writeFile(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 }).catch(
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      throw runningError(await read(file)); // it began in the same moment
    },
  );
  let noted = own;
  const write = (next: Running): Promise<void> => {
    noted = next;
    return writeWhole(file, JSON.stringify(noted), { mode: 0o600 });
  };
  return {
    note: (services) => write({ ...noted, services }),
    noteEnding: () => write({ ...noted, isEnding: true }),
    release: () => rm(file, { force: true }),
  };
}

async function untilFree(file: string, say: (text: string) => void): Promise<void> {
  const since = performance.now();
  let said = false;
  for (;;) {
    const other = await read(file);
    if (!other) return rm(file, { force: true });
    const isThere = isRunning(other);
    if (isThere && !other.isEnding && performance.now() - since > NOTICE_MILLIS) throw runningError(other);
    const left = other.services.filter(isRunning);
    if (!isThere && left.length === 0) return rm(file, { force: true });
    if (!isThere && performance.now() - since > DRAINED_MILLIS) for (const { pid } of left) signal(pid, 'SIGKILL');
    if (!said && (other.isEnding || !isThere)) {
      const what = isThere ? `pid ${other.pid}` : left.map(({ name, pid }) => `${name}, pid ${pid}`).join('; ');
      say(`waiting for an earlier system of this folder to end (${what})`);
      said = true;
    }
    await sleep(LOOK_MILLIS);
  }
}

const runningError = (other: Running | undefined): PessoaIsRunning =>
  new PessoaIsRunning(
    `Pessoa itself is running in this folder (pid ${other?.pid}, ${other?.url}): stop it by Ctrl-C in its terminal, or by ` +
      `\`kill ${other?.pid}\`. A second one beside it needs a folder of its own (PESSOA_HOME) and other ports.`,
  );

const read = (file: string): Promise<Running | undefined> =>
  readFile(file, 'utf8').then(
    (text) => parsed(text),
    () => undefined,
  );

/** A file cut short by a full disk, or of another kind, names nobody. */
function parsed(text: string): Running | undefined {
  try {
    const { pid, startedAt, url, isEnding, services } = JSON.parse(text) as Partial<Running>;
    if (typeof pid !== 'number' || typeof startedAt !== 'string' || !Array.isArray(services)) return undefined;
    return { pid, startedAt, url: String(url), isEnding: isEnding === true, services: services.filter(isMark) };
  } catch {
    return undefined;
  }
}

const isMark = (one: unknown): boolean => typeof (one as Partial<ProcessMark> | null)?.pid === 'number';
