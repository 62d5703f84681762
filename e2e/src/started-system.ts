import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/databases/embedded/postgres-cluster';
import { signal } from '@pessoa/service/processes/process-table';
import { dropIndexes, serverVariables, onServers } from '@pessoa/testkit/servers';
import { databaseVariables, openTestBases } from '@pessoa/testkit/test-bases';
import { processesOf } from './processes-of.ts';

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

/**
 * In a run of `npm run test:servers` on databases, cache and index of those servers; otherwise all embedded.
 *
 * @param onTestBases on the databases of the test run, empty, where all would be embedded
 * @param ports those of another place
 */
export async function makeSystemPlace({
  onTestBases = false,
  ports = {},
}: { onTestBases?: boolean; ports?: NodeJS.ProcessEnv } = {}): Promise<SystemPlace> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-start-'));
  await chmod(home, 0o755);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const bases = onServers() || onTestBases ? await openTestBases() : undefined;
  const search = onServers() ? serverVariables() : undefined;
  const engines = bases && {
    ...search,
    ...databaseVariables(bases),
    // The commands and the services meet in one cache, so they know people by one key.
    CPF_HASH_KEY: randomBytes(32).toString('base64url'),
  };
  const env: NodeJS.ProcessEnv = { ...inherited, PESSOA_HOME: home, ...engines };
  const taken = new Set<string>();
  for (const name of ['ROUTER_PORT', 'DEBT_PORT', 'SCORE_PORT', 'EVENT_PORT', 'INDEXER_PORT']) {
    let free = ports[name] ?? String(await freePort());
    while (taken.has(free)) free = String(await freePort()); // the system may give the same one twice
    taken.add(free);
    env[name] = free;
    env[name.replace('_PORT', '_METRICS_PORT')] ??= '0';
  }
  const shell = async (script: string): Promise<string> =>
    (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env })).stdout;
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
      // Databases that are not embedded are not filled by a start.
      if (bases && !onTestBases && !existsSync(join(home, 'demonstration.json'))) await shell('npm run --silent seed');
      const starting = spawnStart();
      await until(() => {
        if (starting.child.exitCode !== null) throw new Error(`npm start ended: ${starting.output()}`);
        return starting.output().includes('Ctrl-C stops everything.');
      });
      return starting;
    },
    shell,
    async remove() {
      // What a test that failed has left.
      for (const { pid } of processesOf(home)) signal(pid, 'SIGKILL');
      await rm(home, { recursive: true, force: true });
      if (search) await dropIndexes(search.SEARCH_ALIAS);
      await bases?.drop();
    },
  };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Ctrl-C, and waits for the end. */
export async function stopRun({ child }: SystemRun): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid!, 'SIGINT');
  await ended;
}
