import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepLog } from '@pessoa/testkit/logs/test-log';
import { root } from './started-system.ts';

/** A process of the system that a test kills and starts again, under the same address. */
export interface KillableProcess {
  /** Resolves when it says that it is ready. @throws Error with its output when it ends before */
  start(): Promise<void>;
  /** Ends it at once, without a chance to do anything more. */
  kill(): Promise<void>;
}

/**
 * @param main its `main.ts`, from the project's root
 * @param origin its address, to which its settings fit
 */
export function killableProcess(main: string, origin: string, env: NodeJS.ProcessEnv): KillableProcess {
  let child: ChildProcess | undefined;
  return {
    async start() {
      const started = spawn(process.execPath, [join(root, main)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      const output: Buffer[] = [];
      for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
      started.once('close', () => keepLog(basename(join(main, '../..')), Buffer.concat(output)));
      while ((await fetch(`${origin}/health/ready`).catch(() => undefined))?.status !== 200) {
        if (started.exitCode !== null) throw new Error(`${main} ended: ${Buffer.concat(output).toString()}`);
        await sleep(50);
      }
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
