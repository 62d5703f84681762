import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process under measurement. */
export interface MeasuredProcess {
  readonly url: string;
  /** Microseconds of CPU used since it began, by its own accounting. */
  cpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

/** @param preload a file that reports for a script which does not do so itself */
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
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  ended.catch(() => {}); // it is also ended on purpose
  const next = <T>(): Promise<T> =>
    Promise.race([ended, new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)))]);
  const { url } = await next<{ url: string }>();
  return {
    url,
    async cpuMicros() {
      const answer = next<{ cpuMicros: number }>();
      child.send('cpu');
      return (await answer).cpuMicros;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
