import { fork } from 'node:child_process';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import type { Question } from './cpu-report.ts';

/** A process under measurement. */
export interface MeasuredProcess {
  readonly url: string;
  readonly pid: number;
  /** Microseconds of CPU since its start, as the process itself measures them. */
  cpuMicros(): Promise<number>;
  /** Profiles its main thread while the work runs. */
  profile(work: () => Promise<unknown>): Promise<Profiler.Profile>;
  stop(): Promise<void>;
}

/** @param preload a file that calls `reportCpu` for a script that does not */
export async function startMeasured(
  script: string,
  env: NodeJS.ProcessEnv,
  preload?: string,
): Promise<MeasuredProcess> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    env,
    ...(preload !== undefined && { execArgv: ['--import', new URL(preload, import.meta.url).href] }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failure = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  failure.catch(() => {}); // `stop` ends it too
  const nextMessage = <T>(): Promise<T> =>
    Promise.race([failure, new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)))]);
  const ask = <T>(question: Question): Promise<T> => {
    const answer = nextMessage<T>();
    child.send(question);
    return answer;
  };
  const { url } = await nextMessage<{ url: string }>();
  return {
    url,
    pid: child.pid!,
    cpuMicros: async () => (await ask<{ cpuMicros: number }>('cpu')).cpuMicros,
    async profile(work) {
      await ask('startProfile');
      await work();
      return (await ask<{ profile: Profiler.Profile }>('stopProfile')).profile;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
