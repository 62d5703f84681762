import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceSpec } from '@pessoa/development/start/services';
import { SUPERVISED } from '@pessoa/service/processes/end-of-process';
import { root } from '../system.ts';
import type { Disturbable } from './engines.ts';

/** Longer than a process drains. */
const END_MILLIS = 25_000;

export interface ServiceProcess extends Disturbable {
  readonly url: string;
  /** Resolves when it answers that it is ready. @throws Error when it has ended */
  ready(): Promise<void>;
}

/**
 * Prepares a process of the system; `start` starts it. It ends when this process does, however that is.
 *
 * @param onCrash called when it ends although nobody ended it
 */
export function serviceProcess(
  { name, main, port }: ServiceSpec,
  { env, logs, onCrash }: { env: NodeJS.ProcessEnv; logs: string; onCrash: (how: string) => void },
): ServiceProcess {
  let child: ChildProcess | undefined;
  let isMeantToRun = false;
  const url = `http://127.0.0.1:${port}`;
  const hasEnded = (): boolean => !child || child.exitCode !== null || child.signalCode !== null;
  const endBy = async (name: NodeJS.Signals): Promise<void> => {
    isMeantToRun = false;
    if (hasEnded()) return;
    const ended = new Promise((resolve) => child!.once('exit', resolve));
    child!.kill('SIGCONT');
    child!.kill(name);
    const byForce = setTimeout(() => child!.kill('SIGKILL'), END_MILLIS);
    await ended;
    clearTimeout(byForce);
  };
  const start = async (): Promise<void> => {
    const log = createWriteStream(join(logs, `${name}.log`), { flags: 'a' });
    isMeantToRun = true;
    const started = spawn(process.execPath, [main, SUPERVISED], { env, cwd: root, detached: true });
    child = started;
    started.stdin.on('error', () => {});
    started.stdout.pipe(log, { end: false });
    started.stderr.pipe(log, { end: false });
    started.once('close', (code, signalName) => {
      log.end();
      if (isMeantToRun && child === started) onCrash(`${name} ended by itself (${signalName ?? `exit code ${code}`})`);
    });
  };
  return {
    url,
    start,
    async ready() {
      while ((await fetch(`${url}/health/ready`).catch(() => undefined))?.status !== 200) {
        if (hasEnded()) throw new Error(`${name} ended; its log is in ${logs}`);
        await sleep(100);
      }
    },
    kill: () => endBy('SIGKILL'),
    end: () => endBy('SIGTERM'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    close: () => endBy('SIGKILL'),
  };
}
