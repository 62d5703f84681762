import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
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

/** Threads that compute the indices of people beside the main one, which answers others meanwhile. */
export interface IndexThreads {
  readonly indicesOf: IndicesOf;
  close(): Promise<void>;
}

/**
 * @param vrfSecret `AUDITOR_VRF_KEY`
 * @param keys of the same key
 * @param threads default: one for each core, four at most. What a thread does not answer is computed on the main one
 */
export function indexThreads(
  vrfSecret: Uint8Array,
  keys: Pick<PersonKeys, 'indexOf'>,
  threads = Math.min(availableParallelism(), THREADS_MAX),
): IndexThreads {
  const here = indicesHere(keys);
  const workers = new Set<Worker>();
  let people = 0;

  function start(): void {
    const worker = new Worker(new URL('index-thread.ts', import.meta.url), { workerData: vrfSecret });
    worker.unref();
    const drop = (): void => void workers.delete(worker);
    worker.on('error', drop).on('exit', drop); // its questions have no answer, and the next ones find another thread
    workers.add(worker);
  }

  return {
    async indicesOf(cpfs) {
      people += cpfs.length;
      if (people <= PEOPLE_WITHOUT_THREADS) return here(cpfs);
      while (workers.size < threads) start();
      const share = Math.ceil(cpfs.length / threads);
      const shares = [...workers].map(async (worker, at) => {
        const part = cpfs.slice(at * share, (at + 1) * share);
        return (await ask(worker, part)) ?? here(part);
      });
      return (await Promise.all(shares)).flat();
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}

/** @returns undefined when the thread ends before it answers, as where the system allows no more threads */
async function ask(worker: Worker, cpfs: readonly Cpf[]): Promise<readonly Uint8Array[] | undefined> {
  if (cpfs.length === 0) return [];
  const { port1: answer, port2: answers } = new MessageChannel();
  const ended = once(answer, 'close').then(() => undefined);
  const answered = once(answer, 'message') as Promise<[readonly Uint8Array[]]>;
  worker.postMessage({ cpfs, answers } satisfies IndexQuestion, [answers]);
  const indices = await Promise.race([answered, ended]);
  answer.close();
  return indices?.[0];
}
