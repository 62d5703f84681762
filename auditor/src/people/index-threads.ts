import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Cpf } from '@pessoa/domain/cpf';
import type { IndexQuestion } from './index-thread.ts';
import type { PersonKeys } from './person-keys.ts';

/** Computes the indices of people, in their order. */
export type IndicesOf = (cpfs: readonly Cpf[]) => Promise<readonly Uint8Array[]>;

/** On this thread, one after the other: others have their turn between. */
export const indicesHere =
  ({ indexOf }: Pick<PersonKeys, 'indexOf'>): IndicesOf =>
  async (cpfs) => {
    const indices: Uint8Array[] = [];
    for (const cpf of cpfs) {
      indices.push(indexOf(cpf));
      await nextTurn();
    }
    return indices;
  };

/** More than that would leave the database and the other processes of the machine too little. */
const THREADS_MAX = 4;
/** People whose indices are computed on the main thread first: a process that sees few new people starts no threads. */
const PEOPLE_WITHOUT_THREADS = 128;
/** A thread needs 2 ms a person on a slow core. One that is silent for longer than these times together hangs. */
const ANSWER_MILLIS = 5_000;
const ANSWER_MILLIS_A_PERSON = 20;
/** A thread that cannot start costs as much time as the indices of thirty people. */
const RESTART_MILLIS = 60_000;

/** Threads that compute the indices of people beside the main one, which answers others meanwhile. */
export interface IndexThreads {
  readonly indicesOf: IndicesOf;
  close(): Promise<void>;
}

export interface IndexThreadsOptions {
  /** Default: one for each core, four at most. */
  readonly threads?: number;
  /** Default: milliseconds that pass. */
  readonly now?: () => number;
  /** How long a thread may take. Default: five seconds, and 20 ms a person. */
  readonly answerMillis?: (people: number) => number;
  /** Starts a thread, of `index-thread.ts` by default. May throw. */
  readonly open?: () => Worker;
}

/**
 * What a thread does not answer is computed on the main one. After one that could not start, ended or hung, none is started for a minute.
 *
 * @param vrfSecret `AUDITOR_VRF_KEY`
 * @param keys of the same key
 */
export function indexThreads(
  vrfSecret: Uint8Array,
  keys: Pick<PersonKeys, 'indexOf'>,
  {
    threads = Math.min(availableParallelism(), THREADS_MAX),
    now = () => performance.now(),
    answerMillis = (people) => ANSWER_MILLIS + people * ANSWER_MILLIS_A_PERSON,
    open = () => new Worker(new URL('index-thread.ts', import.meta.url), { workerData: vrfSecret }),
  }: IndexThreadsOptions = {},
): IndexThreads {
  const here = indicesHere(keys);
  const workers = new Set<Worker>();
  let people = 0;
  let startsAgainAt = Number.NEGATIVE_INFINITY;

  function drop(worker: Worker): void {
    if (workers.delete(worker)) startsAgainAt = now() + RESTART_MILLIS;
  }

  /** Where the system allows no more threads, the constructor throws, or the thread ends while it starts. */
  function start(): void {
    while (workers.size < threads && now() >= startsAgainAt) {
      try {
        const worker = open();
        worker.unref();
        worker.on('error', () => drop(worker)).on('exit', () => drop(worker));
        workers.add(worker);
      } catch {
        startsAgainAt = now() + RESTART_MILLIS;
      }
    }
  }

  async function askOrCompute(worker: Worker, cpfs: readonly Cpf[]): Promise<readonly Uint8Array[]> {
    const indices = await ask(worker, cpfs, answerMillis(cpfs.length));
    if (indices) return indices;
    drop(worker);
    void worker.terminate();
    return here(cpfs);
  }

  return {
    async indicesOf(cpfs) {
      people += cpfs.length;
      if (people <= PEOPLE_WITHOUT_THREADS) return here(cpfs);
      start();
      if (workers.size === 0) return here(cpfs);
      const share = Math.ceil(cpfs.length / workers.size);
      const shares = [...workers].map((worker, at) => askOrCompute(worker, cpfs.slice(at * share, (at + 1) * share)));
      return (await Promise.all(shares)).flat();
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}

/** @returns undefined when the thread ends before it answers, or hangs */
async function ask(worker: Worker, cpfs: readonly Cpf[], millis: number): Promise<readonly Uint8Array[] | undefined> {
  if (cpfs.length === 0) return [];
  const { port1: answer, port2: answers } = new MessageChannel();
  const ended = once(answer, 'close').then(() => undefined);
  const answered = once(answer, 'message') as Promise<[readonly Uint8Array[]]>;
  const late = sleep(millis, undefined, { ref: false });
  worker.postMessage({ cpfs, answers } satisfies IndexQuestion, [answers]);
  const indices = await Promise.race([answered, ended, late]);
  answer.close();
  return indices?.[0];
}
