import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process under measurement. */
export interface MeasuredProcess {
  readonly url: string;
  /** Microseconds of CPU used since it began, by its own accounting. */
  cpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

export async function startMeasured(script: string, env: NodeJS.ProcessEnv): Promise<MeasuredProcess> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as T));
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    });
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
