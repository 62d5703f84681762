import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/platform/embedded/postgres-cluster';

/** The project's root. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** One run of `npm start`. */
export interface SystemRun {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** Where a test runs the system as a user would: free ports and a data folder of its own. */
export interface SystemPlace {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Of the router. */
  readonly url: string;
  /** Starts and does not wait. */
  spawnStart(): SystemRun;
  /** Resolves once everything answers. */
  start(): Promise<SystemRun>;
  /** Runs a script in bash, in the project's root. @throws when a command of it fails */
  shell(script: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeSystemPlace(): Promise<SystemPlace> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-start-'));
  await chmod(home, 0o755);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env: NodeJS.ProcessEnv = { ...inherited, PESSOA_HOME: home };
  for (const name of ['ROUTER_PORT', 'DEBT_PORT', 'SCORE_PORT', 'EVENT_PORT']) env[name] = String(await freePort());
  const spawnStart = (): SystemRun => {
    // A process group of its own, as a terminal makes one: Ctrl-C reaches npm, its shell and the system together.
    const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    return { child, output: () => output };
  };
  return {
    home,
    env,
    url: `http://127.0.0.1:${env['ROUTER_PORT']}`,
    spawnStart,
    async start() {
      const starting = spawnStart();
      await until(() => {
        if (starting.child.exitCode !== null) throw new Error(`npm start ended: ${starting.output()}`);
        return starting.output().includes('Ctrl-C stops everything.');
      });
      return starting;
    },
    shell: async (script) => (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env })).stdout,
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Ctrl-C, and waits for the end. */
export async function stopRun({ child }: SystemRun): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid!, 'SIGINT');
  await ended;
}
