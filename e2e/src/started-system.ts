import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/service/processes/free-port';
import { signal } from '@pessoa/service/processes/process-table';
import { keepLog } from '@pessoa/testkit/logs/test-log';
import { dropIndexes, serverVariables, runsOnServers } from '@pessoa/testkit/servers';
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

/** A data folder and free ports in which a test runs the system as a user does. */
export interface SystemSandbox {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** URL of the router. */
  readonly url: string;
  /** Runs `npm start` without waiting for anything. */
  spawnStart(): SystemRun;
  /** Runs `npm start`. Resolves when the system is ready. */
  start(): Promise<SystemRun>;
  /** Runs a script in bash, in the project's root. @throws Error when one of its commands fails */
  shell(script: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * `npm run test:servers` gives it databases, cache and index on its servers. Otherwise everything is embedded.
 *
 * @param onTestBases uses empty databases of the test run in place of embedded ones
 * @param ports fixed ports, such as those of another sandbox
 */
export async function createSystemSandbox({
  onTestBases = false,
  ports = {},
}: { onTestBases?: boolean; ports?: NodeJS.ProcessEnv } = {}): Promise<SystemSandbox> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-start-'));
  await chmod(home, 0o755);
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const bases = runsOnServers() || onTestBases ? await openTestBases() : undefined;
  const search = runsOnServers() ? serverVariables() : undefined;
  const databaseSettings = bases && {
    ...search,
    ...databaseVariables(bases),
    PESSOA_ENV: 'development',
    // The commands and the services share a cache, so they need the same key.
    CPF_HASH_KEY: randomBytes(32).toString('base64url'),
  };
  const env: NodeJS.ProcessEnv = { ...environment, PESSOA_HOME: home, ...databaseSettings };
  for (const name of ['ROUTER_PORT', 'DEBT_PORT', 'SCORE_PORT', 'EVENT_PORT', 'INDEXER_PORT', 'AUDITOR_PORT']) {
    env[name] = ports[name] ?? String(await freePort());
    env[name.replace('_PORT', '_METRICS_PORT')] ??= '0';
  }
  const shell = async (script: string): Promise<string> =>
    (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env })).stdout;
  const spawnStart = (): SystemRun => {
    // A process group of its own, as in a terminal: Ctrl-C reaches npm, its shell and the system.
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
      // `npm start` fills embedded databases only.
      if (bases && !onTestBases && !existsSync(join(home, 'demonstration.json'))) await shell('npm run --silent seed');
      const systemRun = spawnStart();
      await waitUntil(() => {
        if (systemRun.child.exitCode !== null) throw new Error(`npm start ended: ${systemRun.output()}`);
        return systemRun.output().includes('Ctrl-C stops everything.');
      });
      return systemRun;
    },
    shell,
    async remove() {
      // Processes that a failed test has left.
      for (const { pid } of processesOf(home)) signal(pid, 'SIGKILL');
      await keepServiceLogs(home);
      await rm(home, { recursive: true, force: true });
      if (search) await dropIndexes(search.SEARCH_ALIAS);
      await bases?.drop();
    },
  };
}

/** What `npm start` itself prints is not a log: it greets a developer with a token and a CPF. */
async function keepServiceLogs(home: string): Promise<void> {
  for await (const file of glob(join(home, 'logs', '*.log'))) keepLog(basename(file, '.log'), await readFile(file));
}

export async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Sends Ctrl-C and waits for the end. */
export async function stopRun({ child }: SystemRun): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid!, 'SIGINT');
  await closed;
}
