import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/service/processes/free-port';
import { root } from './started-system.ts';

const run = promisify(execFile);

/** The containers of docker-compose.yml, with a project name, a port and secrets of their own. */
export interface ComposedSystem {
  /** URL of the router. */
  readonly url: string;
  /** The folder of the secrets. */
  readonly secrets: string;
  readonly project: string;
  /** Runs `docker compose`. @returns its standard output @throws Error with its output when it fails */
  compose(...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  /** Runs a command of the documents in bash, in the project's root. */
  shell(script: string): Promise<string>;
  /** Removes the containers, their volumes and the secrets. */
  remove(): Promise<void>;
}

/** @throws Error when there is no Docker engine with compose */
export async function createComposedSystem(): Promise<ComposedSystem> {
  await requireEngine();
  const secrets = await mkdtemp(join(tmpdir(), 'pessoa-secrets-'));
  const port = await freePort();
  const project = `pessoa-test-${process.pid}`;
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const env = { ...environment, COMPOSE_PROJECT_NAME: project, PESSOA_PORT: String(port), PESSOA_SECRETS: secrets };
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
  const docker = async (...args: string[]): Promise<string> => (await run('docker', args, options)).stdout;
  return {
    url: `http://127.0.0.1:${port}`,
    secrets,
    project,
    docker,
    compose: (...args) => docker('compose', ...args),
    shell: async (script) =>
      (await run('bash', ['-euo', 'pipefail', '-c', script.replaceAll('localhost:4000', `127.0.0.1:${port}`)], options))
        .stdout,
    async remove() {
      await docker('compose', '--profile', 'tools', 'down', '--volumes', '--timeout', '30');
      await rm(secrets, { recursive: true, force: true });
    },
  };
}

async function requireEngine(): Promise<void> {
  try {
    await run('docker', ['info', '--format', '{{.ServerVersion}}']);
    await run('docker', ['compose', 'version']);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(
      `npm run test:containers needs a Docker engine with compose v2 (DOCKER_HOST): ${(stderr || message).trim()}`,
      { cause: error },
    );
  }
}
