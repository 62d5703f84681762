import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process under measurement. */
export interface MeasuredProcess {
  readonly url: string;
  /** Microseconds of CPU since its start, as the process itself measures them. */
  cpuMicros(): Promise<number>;
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
  const { url } = await nextMessage<{ url: string }>();
  return {
    url,
    async cpuMicros() {
      const answer = nextMessage<{ cpuMicros: number }>();
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
